"""layer calls → settings: what a call of a layer sets, checked against what the layer takes (see `seqdsl.layers`)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import Kind, find_layer
from seqdsl.lowering.arithmetic import NoSize, no_parameter, size_of
from seqdsl.lowering.settings import Settings
from seqdsl.lowering.told_twice import told_twice
from seqdsl.size import Size
from seqdsl.syntax.ast import Argument, Call, Letter, Number, Operation, Word, leaves
from seqdsl.syntax.names import check_name
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.layers import LayerDef, Signature
    from seqdsl.layers._declared import CellKind

_NO_CELLS: Mapping[str, CellKind | None] = MappingProxyType({})

LARGEST_SIZE = 2**31 - 1
"""The largest size: frameworks count in 32 bits."""


def read_call(
    call: Call,
    values: Mapping[str, int | float],
    cells: Mapping[str, CellKind | None] = _NO_CELLS,
) -> tuple[Settings | None, list[Diagnostic]]:
    """Check a layer call against the table.

    Args:
        call: the call.
        values: the parameters of the file.
        cells: the cells of the file; ``None``: one whose equations mean nothing.
    """
    kind = call.layer if call.python is not None else cells.get(call.layer, call.layer)
    if kind is None:
        # What is wrong with its equations is reported where they are.
        return None, []
    definition = find_layer(kind)
    if definition is None or call.python is not None or _is_foreign(call, definition):
        from seqdsl.lowering.foreign_calls import foreign_call

        return None, [foreign_call(call, values, read_call, cells)]
    return _checked(call, kind, definition, values)


def _checked(
    call: Call, kind: str, definition: LayerDef, values: Mapping[str, int | float]
) -> tuple[Settings | None, list[Diagnostic]]:
    """Check the arguments of a call of a layer."""
    signature = definition.signature
    diagnostics: list[Diagnostic] = []
    arguments: dict[str, Size | float | bool | str] = {}
    name = None
    kinds = {item.name: item.kind for item in signature.arguments}
    keywords = {item.keyword for item in call.arguments if item.keyword}
    positional = iter([item.name for item in signature.places(keywords)])
    for argument in call.arguments:
        # lstm(64, dropout=0.2, name=encoder)    `units` by its place, the others by keyword; every layer takes `name`.
        # One value more than there are places has the key "", which no layer has, and so is refused as unexpected.
        if problem := told_twice(argument, keywords, signature):
            diagnostics.append(problem)
            continue
        key = argument.keyword or next(positional, "")
        if key == _NAME:
            diagnostics += _name_problems(argument)
            name = str(argument.value)
            continue
        if key not in kinds or key in arguments:
            names = (*kinds, _NAME)
            diagnostics.append(
                _unexpected(call, argument, signature, names, twice=key in arguments)
            )
            continue
        value, problems = _value(argument, kinds[key], values)
        diagnostics += problems
        if value is not None:
            arguments[key] = value
    if not diagnostics:
        # `lstm(unit=64)` is one mistake, not an unexpected argument and a missing one.
        diagnostics += _missing_problems(call, arguments, signature)
    return (None if diagnostics else Settings(kind, arguments, name, call)), diagnostics


def _is_foreign(call: Call, definition: LayerDef) -> bool:
    """Whether a call has an argument of another framework's."""
    keywords = [item.keyword for item in call.arguments if item.keyword]
    own = {item.name for item in definition.signature.arguments}
    others = [word for word in keywords if word not in own and word != _NAME]
    if not others:
        return False
    from seqdsl.lowering.translation import is_answered

    return any(is_answered(definition, word) for word in others)


def _unexpected(
    call: Call, argument: Argument, signature: Signature, names: tuple[str, ...], *, twice: bool
) -> Diagnostic:
    if twice:
        return Diagnostic(
            "SEQ302", f"`{argument}` sets an argument a second time", argument.span, "give it once"
        )
    if argument.keyword is None:
        most = len(signature.positional)
        message = (
            f"`{call.layer}` takes {most or 'no'} argument{'s' * (most != 1)} without a keyword"
        )
        return Diagnostic("SEQ302", message, argument.span, _takes(signature))
    close = close_words(argument.keyword, names)
    hint = f"did you mean `{close[0]}=`?" if close else _takes(signature)
    message = f"`{call.layer}` has no argument `{argument.keyword}`"
    return Diagnostic("SEQ302", message, argument.span, hint)


def _takes(signature: Signature) -> str:
    parts = [item.name for item in signature.positional]
    parts += [f"{item.name}=" for item in signature.keywords]
    return f"it takes {', '.join(f'`{part}`' for part in [*parts, f'{_NAME}='])}"


def _missing(call: Call, name: str, signature: Signature) -> Diagnostic:
    message = f"`{call.layer}` requires the argument `{name}`"
    return Diagnostic("SEQ303", message, call.span, f"for example: `{signature.example}`")


_Setting = Size | float | bool | str
_Checked = tuple[_Setting | None, list[Diagnostic]]


def _name_problems(argument: Argument) -> list[Diagnostic]:
    """What is wrong with the name that a layer is given."""
    value = argument.value
    if isinstance(value, Word):
        return check_name(value.value, value.span, "a layer")
    return [_bad(argument, "a lower-case word")]


def _value(argument: Argument, kind: Kind, values: Mapping[str, int | float]) -> _Checked:
    """The value of an argument of the given kind, or what is wrong with it."""
    value = argument.value
    if (kind in _LETTERS) != isinstance(value, Letter):
        expected = _LETTERS.get(kind, "a value")
        return None, [_bad(argument, f"{expected}, not `{value}`")]
    if isinstance(value, Letter):
        return value.value, []
    if kind in _WORDS:
        words = _WORDS[kind]
        if isinstance(value, Word) and value.value in words:
            return (value.value == "true" if kind is Kind.BOOL else value.value), []
        return None, [_bad(argument, " or ".join(f"`{word}`" for word in words), words)]
    return _number(argument, kind, values)


_LETTERS = {
    Kind.LETTER: "the letter of a row: `attention(E)`",
    Kind.TIED: "the letter of an embedding: `dense(tied=M)`",
}
"""The kinds of arguments that are letters, each with what it expects."""

_NAME = "name"
"""The argument that every layer takes: what it is called in the generated code."""

_WORDS = {
    Kind.ACTIVATION: ACTIVATIONS,
    Kind.BOOL: ("true", "false"),
    Kind.PADDING: ("same", "causal"),
    Kind.SCORE: ("dot", "additive"),
    Kind.PLACE: ("any", "end"),
    Kind.CODE: ("trained", "sin"),
}


def _missing_problems(
    call: Call, arguments: Collection[str], signature: Signature
) -> list[Diagnostic]:
    """The first argument that a layer needs and does not have."""
    required = signature.positional[: signature.required]
    places = signature.places(arguments)
    missing = [item.name for item in required if item in places and item.name not in arguments]
    return [_missing(call, missing[0], signature)] if missing else []


def _number(argument: Argument, kind: Kind, values: Mapping[str, int | float]) -> _Checked:
    value = argument.value
    # `lstm(true)` is seldom a parameter that is missing.
    if isinstance(value, Word) and value.value in _WORDS[Kind.BOOL] and value.value not in values:
        return None, [_bad(argument, "a number or a parameter's name")]
    unknown = [
        no_parameter(leaf, values)
        for leaf in leaves(value)
        if isinstance(leaf, Word) and leaf.value not in values
    ]
    if unknown:
        return None, unknown
    # dense(2 * units) is a size; dropout(2 * rate) is refused
    if kind is Kind.SIZE:
        return _size(argument, values)
    # A letter is refused before.
    assert not isinstance(value, Letter)
    if isinstance(value, Operation):
        hint = "arithmetic is for sizes: set a parameter to the number and name it here"
        return None, [Diagnostic("SEQ304", f"`{argument}` cannot be used here", value.span, hint)]
    # A parameter stays one in the generated code: only its present value is checked.
    number = values[value.value] if isinstance(value, Word) else value.value
    if expected := _expected_number(number, kind):
        return None, [_bad(argument, expected)]
    if kind in (Kind.RATE, Kind.EPSILON, Kind.NUMBER):
        return (value.value if isinstance(value, Word) else float(number)), []
    # What is left is `Kind.ZERO`, as of `mask=0`: the number 0 and no other.
    return 0.0, []


def _expected_number(number: int | float, kind: Kind) -> str:
    """What an argument takes instead of a number; nothing if it takes that."""
    taken = kind.range
    return "" if taken is None or taken.holds(number) else _EXPECTED_NUMBERS[kind]


_EXPECTED_NUMBERS = {
    Kind.RATE: "a rate, at least 0 and less than 1",
    Kind.EPSILON: "a small number above 0, such as `0.001`",
    Kind.ZERO: "`0`: steps of zeros are padding",
}


def _size(argument: Argument, values: Mapping[str, int | float]) -> _Checked:
    """A size, which its parameters' defaults make a whole number from 1 on."""
    try:
        size = size_of(argument.value, values)
    except NoSize as problem:
        return None, [problem.diagnostic]
    number = size.value({name: int(values[name]) for name in size.names})
    if number < 1:
        names = "" if isinstance(argument.value, Number) else f"; it is {number}"
        return None, [_bad(argument, f"a whole number, at least 1{names}")]
    if number > LARGEST_SIZE:
        message = f"{number} is out of range: the maximum is {LARGEST_SIZE}"
        return None, [Diagnostic("SEQ109", message, argument.value.span)]
    return size, []


def _bad(argument: Argument, expected: str, words: tuple[str, ...] = ()) -> Diagnostic:
    hint = f"expected {expected}"
    if words:
        hint = _meant_word(str(argument.value), words) or hint
    return Diagnostic("SEQ304", f"`{argument}` cannot be used here", argument.value.span, hint)


def _meant_word(word: str, words: tuple[str, ...]) -> str:
    """Which of some words is meant by another; empty if nobody can tell."""
    from seqdsl.lowering.foreign_values import absent_activation, activation_of

    if words is ACTIVATIONS:
        if known := activation_of(word):
            return f"write `{known}`"
        if answer := absent_activation(word):
            return answer
    close = close_words(word, words)
    return f"did you mean `{close[0]}`?" if close else ""


__all__ = [
    "ACTIVATIONS",
    "Number",
    "Settings",
    "read_call",
]
