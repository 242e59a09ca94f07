"""a value as Python writes it → the same as the language writes it, or what to write in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.layers import Kind
from seqdsl.lowering.framework_names import find_absent, normal
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import Formula, Name

if TYPE_CHECKING:
    from seqdsl.layers import Argument
    from seqdsl.syntax.python_call import Value

# `LogSoftmax` is `log_softmax`: without capitals and `_` both are one word. `SiLU` is what Keras calls `swish`, too.
_ACTIVATIONS = {normal(word): word for word in ACTIVATIONS} | {"silu": "swish"}
_SIZE = re.compile(r"[A-Za-z0-9_ +\-*/()]+")


def activation_of(word: str) -> str:
    """The activation here that another framework calls so; empty if there is none."""
    return _ACTIVATIONS.get(normal(word), "")


_IMAGE = 3
"""Height, width, features."""


def absent_activation(word: str) -> str:
    """What to write in place of an activation that there is not; empty for a word that nobody knows."""
    absent = find_absent(word)
    return filled(absent.answer, None) if absent is not None else ""


def filled(answer: str, value: Value) -> str:
    """An answer with the value that it speaks of."""
    listed = ", ".join(f"`{word}`" for word in ACTIVATIONS)
    # Of `input_shape=(10, 8)` the last part is the features: "the row below tells: `input(8)`".
    last = held(value) if isinstance(value, tuple) else written(Kind.SIZE, value)
    shown = written(Kind.SIZE, value) or _number(value)
    return (
        answer.replace("{value}", shown or "n")
        .replace("{last}", last or "8")
        .replace("{activations}", listed)
    )


def default(argument: Argument) -> str | None:
    """How the default of an argument is written."""
    if isinstance(argument.default, bool):
        return "true" if argument.default else "false"
    return None if argument.default is None else str(argument.default)


def identifier(value: Value) -> str:
    """A name for the generated code of any text; empty if nothing is left of it."""
    # `"My Layer!"` is `my_layer`, and `"!!"` is nothing.
    text = value if isinstance(value, str) else value.name if isinstance(value, Name) else ""
    return re.sub(r"\W+|_{2,}", "_", text.lower(), flags=re.ASCII).strip("_")


def written(kind: Kind, value: Value) -> str | None:
    """A value as the language writes it; ``None`` if an argument of this kind cannot have it."""
    if kind is Kind.SIZE:
        return _size(value)
    if kind is Kind.ACTIVATION:
        return _activation(value)
    if kind is Kind.BOOL:
        return _truth(value)
    if kind in (Kind.LETTER, Kind.TIED):
        return value.name if isinstance(value, Name) and _is_letter(value.name) else None
    if kind in _CHOICES:
        return _choice(kind, value)
    return _number(value)


def _is_letter(name: str) -> bool:
    return len(name) == 1 and name.isascii() and name.isupper()


def _activation(value: Value) -> str | None:
    # `"relu"`, `torch.relu`, `nn.ReLU()`; no activation is `linear`.
    word = value if isinstance(value, str) else getattr(value, "name", None)
    return "linear" if value is None else _ACTIVATIONS.get(normal(word or ""))


def _truth(value: Value) -> str | None:
    # `True`, `true` of JavaScript, which Python reads as a name, and `"true"`; but not `1`.
    word = value.name if isinstance(value, Name) else str(value)
    return word.lower() if word.lower() in ("true", "false") else None


_CHOICES = {
    Kind.PADDING: ("same", "causal"),
    Kind.BORDER: ("same", "valid"),
    Kind.PLACE: ("any", "end"),
    Kind.CODE: ("trained", "sin"),
    Kind.SCORE: ("dot", "additive"),
}


def _choice(kind: Kind, value: Value) -> str | None:
    # `padding="same"` or, as here, `padding=same`.
    word = value.name if isinstance(value, Name) else value if isinstance(value, str) else ""
    return word if word in _CHOICES[kind] else None


def _size(value: Value) -> str | None:
    if isinstance(value, tuple):
        # `kernel_size=(3, 3)`: windows are square; `(3, 5)` is none of the language.
        return _size(value[0]) if value and len(set(value)) == 1 else None
    if isinstance(value, Name):
        return _parameter(value.name)
    if isinstance(value, Formula):
        return value.text.lower() if _is_size(value.text.lower()) else None
    # `64.0` is 64; `True` is an int of Python's, and no size.
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    return str(int(value)) if whole else None  # type: ignore[arg-type]


def held(shape: tuple[Value, ...]) -> str | None:
    """What each step of a shape without the batch holds, as the language writes it: ``28, 28, 1``; steps are drawn.

    ::

        (8,)    (None, 8)    (20, 8)              8           features
        (28, 28, 1)          (20, 28, 28, 1)      28, 28, 1   an image of each step
        (None, 12, 3)                             12, 3       places of each step
    """
    known = [size for size in shape if size is not None]
    # Of two numbers the first is steps, unless steps are there already: (20, 8), but (None, 12, 3).
    several = len(known) >= _IMAGE or len(known) < len(shape)
    sizes = [_size(size) for size in known[-_IMAGE if several else -1 :]]
    return ", ".join(map(str, sizes)) if sizes and None not in sizes else None


def _is_size(text: str) -> bool:
    """Whether an expression of Python's is one of the language's: it has `**`, `%` and `-n`, too."""
    if not _SIZE.fullmatch(text):
        return False
    lines, faulty = parse_lines(f"n = {text}")
    return not faulty and len(lines) == 1


def _number(value: Value) -> str | None:
    if isinstance(value, Name):
        return _parameter(value.name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return repr(value) if is_number else None


def _parameter(name: str) -> str | None:
    """A constant's name as a parameter's: ``HIDDEN_SIZE`` is ``hidden_size``."""
    lower = name.lower().lstrip("_")
    return lower if lower[:1].isalpha() and lower.isascii() else None


def is_activation(value: Value) -> bool:
    """Whether a value is an activation's name: ``relu``."""
    return isinstance(value, Name) and value.name in ACTIVATIONS


def expected(kind: Kind, value: Value) -> str:
    """What an argument takes instead of a value that it cannot have."""
    if kind is Kind.ACTIVATION:
        word = value if isinstance(value, str) else getattr(value, "name", "")
        answer = absent_activation(word)
        return answer or "the activations are " + ", ".join(f"`{item}`" for item in ACTIVATIONS)
    return _EXPECTED.get(kind, "write a number")


_EXPECTED = {
    Kind.LETTER: "write the capital letter of a row",
    Kind.TIED: "write the capital letter of an embedding",
    Kind.BOOL: "write `true` or `false`",
    Kind.SIZE: "write a whole number, at least 1, or a parameter's name",
    Kind.PADDING: "write `same` or `causal`",
    Kind.BORDER: "write `same` or `valid`",
    Kind.PLACE: "write `any` or `end`",
    Kind.CODE: "write `trained` or `sin`",
    Kind.SCORE: "write `dot` or `additive`",
}
