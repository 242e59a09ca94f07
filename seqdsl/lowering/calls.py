"""layer calls → settings: what a call of a layer sets, checked against what the layer takes (see `seqdsl.layers`)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import find_layer
from seqdsl.lowering.call_values import bad, read_value
from seqdsl.lowering.settings import Settings
from seqdsl.lowering.told_twice import told_twice
from seqdsl.size import Size
from seqdsl.syntax.ast import Argument, Call, Number, Word
from seqdsl.syntax.names import check_name
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, instead

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.layers import LayerDef, Signature

_NO_CELLS: Mapping[str, str | None] = MappingProxyType({})


def read_call(
    call: Call,
    values: Mapping[str, int | float],
    cells: Mapping[str, str | None] = _NO_CELLS,
) -> tuple[Settings | None, list[Diagnostic]]:
    """Check a layer call against the table.

    Args:
        call: the call.
        values: the parameters of the file.
        cells: the cells of the file, and its pictures that others call; ``None``: one with errors.
    """
    kind = call.layer if call.python is not None else cells.get(call.layer, call.layer)
    if kind is None:
        # What is wrong with its equations, or its picture, is reported where they are.
        return None, []
    kind, call = _variant(call, kind)
    definition = find_layer(kind)
    if definition is None or call.python is not None or _is_foreign(call, definition):
        from seqdsl.lowering.foreign_calls import foreign_call

        return None, [foreign_call(call, values, read_call, cells)]
    return _checked(call, kind, definition, values)


def _variant(call: Call, kind: str) -> tuple[str, Call]:
    """The layer that a call means, and the call without the word that tells it."""
    definition = find_layer(kind)
    if definition is None or call.python is not None:
        return kind, call
    if definition.variant_of and definition.variant_of[0] != call.layer:
        # `sample_normal` is written `sample(normal)`, and is no layer's name in pictures.
        return "", call
    # sample(normal) -> sample_normal(); sample(0.5) and sample(temperature=0.5) are what they are
    first = call.arguments[0] if call.arguments else None
    if first is None or first.keyword or not isinstance(first.value, Word):
        return kind, call
    if (variant := dict(definition.variants).get(first.value.value)) is None:
        return kind, call
    return variant, replace(call, arguments=call.arguments[1:])


def _checked(
    call: Call, kind: str, definition: LayerDef, values: Mapping[str, int | float]
) -> tuple[Settings | None, list[Diagnostic]]:
    """Check the arguments of a call of a layer."""
    signature = definition.signature
    diagnostics: list[Diagnostic] = []
    arguments: dict[str, Size | float | bool | str] = {}
    name = None
    keywords = {item.keyword for item in call.arguments if item.keyword}
    places = signature.places(keywords, len(call.arguments) - len(keywords))
    kinds = {item.name: item.kind for item in (*signature.arguments, *places)}
    positional = iter([item.name for item in places])
    for argument in call.arguments:
        # lstm(64, dropout=0.2, name=encoder)    `units` by its place, the others by keyword; every layer takes `name`.
        # One value more than there are places has the key "", which no layer has, and so is refused as unexpected.
        if problem := told_twice(argument, keywords, signature):
            diagnostics.append(problem)
            continue
        # The height of a grid is told by its place alone: `input(28, 28, 1)`.
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
        value, problems = read_value(argument, key, kinds[key], values)
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
        most = max(map(len, (signature.positional, *signature.longer)))
        message = (
            f"`{call.layer}` takes {most or 'no'} argument{'s' * (most != 1)} without a keyword"
        )
        return Diagnostic("SEQ302", message, argument.span, _takes(signature))
    message = f"`{call.layer}` has no argument `{argument.keyword}`"
    close = close_words(argument.keyword, names)
    if not close:
        return Diagnostic("SEQ302", message, argument.span, _takes(signature))
    start = argument.span.column
    keyword = replace(argument.span, end=start + len(argument.keyword))
    hint, suggested = f"did you mean `{close[0]}=`?", instead(keyword, close[0])
    return Diagnostic("SEQ302", message, argument.span, hint, suggested=suggested)


def _takes(signature: Signature) -> str:
    parts = [item.name for item in signature.positional]
    parts += [f"{item.name}=" for item in signature.keywords]
    return f"it takes {', '.join(f'`{part}`' for part in [*parts, f'{_NAME}='])}"


def _missing(call: Call, name: str, signature: Signature) -> Diagnostic:
    message = f"`{call.layer}` requires the argument `{name}`"
    return Diagnostic("SEQ303", message, call.span, f"for example: `{signature.example}`")


def _name_problems(argument: Argument) -> list[Diagnostic]:
    """What is wrong with the name that a layer is given."""
    value = argument.value
    if isinstance(value, Word):
        return check_name(value.value, value.span, "a layer")
    return [bad(argument, "a lower-case word")]


_NAME = "name"
"""The argument that every layer takes: what it is called in the generated code."""


def _missing_problems(
    call: Call, arguments: Collection[str], signature: Signature
) -> list[Diagnostic]:
    """The first argument that a layer needs and does not have."""
    required = signature.positional[: signature.required]
    places = signature.places(arguments)
    missing = [item.name for item in required if item in places and item.name not in arguments]
    return [_missing(call, missing[0], signature)] if missing else []


__all__ = [
    "ACTIVATIONS",
    "Number",
    "Settings",
    "read_call",
]
