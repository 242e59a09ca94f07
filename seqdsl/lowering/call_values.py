"""an argument of a call → its value, or what is wrong with it: letters, words, numbers, sizes."""

from __future__ import annotations

from struct import pack, unpack
from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import Kind
from seqdsl.lowering.arithmetic import NoSize, no_parameter, size_of
from seqdsl.size import Size
from seqdsl.syntax.ast import Argument, Letter, Number, Operation, Word, leaves
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, instead

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_SIZE = 2**31 - 1
"""The largest size: frameworks count in 32 bits."""

_Setting = Size | float | bool | str
_Checked = tuple[_Setting | None, list[Diagnostic]]


def read_value(
    argument: Argument, name: str, kind: Kind, values: Mapping[str, int | float]
) -> _Checked:
    """The value of an argument of the given kind, or what is wrong with it.

    Args:
        argument: the argument.
        name: what it is read as, also where it has no keyword.
        kind: what the layer takes.
        values: the parameters of the file.
    """
    value = argument.value
    if (kind in _LETTERS) != isinstance(value, Letter):
        expected = _letter(argument, kind)
        return None, [bad(argument, f"{expected}, not `{value}`")]
    if isinstance(value, Letter):
        return value.value, []
    if kind in WORDS:
        words = WORDS[kind]
        if isinstance(value, Word) and value.value in words:
            return (value.value == "true" if kind is Kind.BOOL else value.value), []
        return None, [bad(argument, " or ".join(f"`{word}`" for word in words), words)]
    # tokens(500, mask=true) is `mask=0`, as in an embedding.
    if kind is Kind.ID and str(value) == "true":
        return 0, []
    # `lstm(true)` is seldom a parameter that is missing.
    if isinstance(value, Word) and value.value in WORDS[Kind.BOOL] and value.value not in values:
        return None, [_no_number(argument, name, kind)]
    return _number(argument, kind, values)


_LETTERS = {Kind.LETTER: ("a row", "E"), Kind.TIED: ("an embedding", "M")}
"""The kinds of arguments that are letters, each with what it names and a letter for that."""


def _letter(argument: Argument, kind: Kind) -> str:
    """What an argument is to be that names a row, or is to name none."""
    if kind not in _LETTERS:
        return "a value"
    what, letter = _LETTERS[kind]
    # `feedback=y` is meant as `feedback=Y`
    given = str(argument.value)
    letter = given.upper() if len(given) == 1 and given.isalpha() else letter
    shown = f"{argument.keyword}={letter}" if argument.keyword else letter
    return f"the capital letter of {what}, such as `{shown}`"


WORDS = {
    Kind.ACTIVATION: ACTIVATIONS,
    Kind.BOOL: ("true", "false"),
    Kind.PADDING: ("same", "causal"),
    Kind.BORDER: ("same", "valid"),
    Kind.SCORE: ("dot", "additive"),
    Kind.PLACE: ("any", "end"),
    Kind.CODE: ("trained", "sin"),
}


def _number(argument: Argument, kind: Kind, values: Mapping[str, int | float]) -> _Checked:
    value = argument.value
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
    return _checked_number(argument, value, kind, values)


def _no_number(argument: Argument, name: str, kind: Kind) -> Diagnostic:
    """What is said of `true` where a number is read: as which argument, and what that takes."""
    # dense(true)          `true` as `units`: write a whole number, at least 1, or a parameter's name
    # dense(units=true)    `units=true`: write a whole number, at least 1, or a parameter's name
    from seqdsl.lowering.foreign_values import expected

    wanted = _EXPECTED_NUMBERS.get(kind)
    place = "" if argument.keyword else f" as `{name}`"
    hint = f"`{argument}`{place}: {f'write {wanted}' if wanted else expected(kind, True)}"
    return Diagnostic("SEQ304", f"`{argument}` cannot be used here", argument.value.span, hint)


def _checked_number(
    argument: Argument, value: Number | Word, kind: Kind, values: Mapping[str, int | float]
) -> _Checked:
    """A number, or a parameter's name: it stays one in the generated code, and only its present value is checked."""
    number = values[value.value] if isinstance(value, Word) else value.value
    if expected := _expected_number(number, kind):
        return None, [bad(argument, expected)]
    if kind in (Kind.RATE, Kind.EPSILON, Kind.NUMBER, Kind.TEMPERATURE):
        return (value.value if isinstance(value, Word) else float(number)), []
    # What is left marks padding, as `mask=-1` does. No builder has an argument for it: no parameter would change it.
    if isinstance(value, Word):
        return None, [bad(argument, _EXPECTED_NUMBERS[kind])]
    return (int(number) if kind is Kind.ID else float(number)), []


def _expected_number(number: int | float, kind: Kind) -> str:
    """What an argument takes instead of a number; nothing if it takes that."""
    taken = kind.range
    is_right = taken is None or taken.holds(number)
    is_right = is_right and _EXACT.get(kind, _is_any)(float(number))
    return "" if is_right else _EXPECTED_NUMBERS[kind]


def _is_any(number: float) -> bool:
    return True


def _is_single(number: float) -> bool:
    """Whether a number is the same in single precision: data that is compared with it mostly is."""
    # -0.1 is -0.10000000149 there. Much larger ones cannot be packed.
    return abs(number) < _LARGEST_SINGLE and unpack("f", pack("f", number)) == (number,)


_LARGEST_SINGLE = 2.0**62

_EXACT = {Kind.ID: float.is_integer, Kind.VALUE: _is_single}


_EXPECTED_NUMBERS = {
    Kind.RATE: "a rate, at least 0 and less than 1",
    Kind.EPSILON: "a small number above 0, such as `0.001`",
    Kind.TEMPERATURE: "a number above 0, such as `0.7`",
    Kind.VALUE: "a number that single precision holds exactly, such as `-1` or `0.5`: a step of which all features "
    "have this value is padding",
    Kind.ID: "an id, such as `0`: a step with this id is padding",
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
        return None, [bad(argument, f"a whole number, at least 1{names}")]
    if number > LARGEST_SIZE:
        message = f"{number} is out of range: the maximum is {LARGEST_SIZE}"
        return None, [Diagnostic("SEQ109", message, argument.value.span)]
    return size, []


def bad(argument: Argument, expected: str, words: tuple[str, ...] = ()) -> Diagnostic:
    """What is said of an argument that is not what was expected; of one of some ``words`` the one that is meant."""
    hint, meant, value = f"expected {expected}", "", argument.value
    if words:
        answer, meant = _meant_word(str(value), words)
        hint = answer or hint
    # `relu` for `reluu`; of `3` or `2 * rate` no word is meant
    suggested = instead(value.span, meant) if meant and isinstance(value, Word) else ()
    message = f"`{argument}` cannot be used here"
    return Diagnostic("SEQ304", message, value.span, hint, suggested=suggested)


_ELSEWHERE = {
    # Keras's `pad_sequences(padding="pre")`: padding is skipped wherever it stands
    **dict.fromkeys(("pre", "left", "front"), "any"),
    **dict.fromkeys(("post", "right"), "end"),
    **dict.fromkeys(("sinusoidal", "fixed"), "sin"),
    **dict.fromkeys(("learnable", "trainable"), "trained"),
    "bahdanau": "additive",
    **dict.fromkeys(("luong", "multiplicative"), "dot"),
}
"""Words of frameworks and papers, and what they are here."""


def _meant_word(word: str, words: tuple[str, ...]) -> tuple[str, str]:
    """A hint about a word that is none of ``words``, and which of them is meant; each empty if that is unknown."""
    from seqdsl.lowering.foreign_values import absent_activation, activation_of

    if words is ACTIVATIONS:
        if known := activation_of(word):
            return f"write `{known}`", known
        if answer := absent_activation(word):
            return answer, ""
    if (meant := _ELSEWHERE.get(word, "")) in words:
        return f"write `{meant}`", meant
    close = close_words(word, words)
    return (f"did you mean `{close[0]}`?", close[0]) if close else ("", "")
