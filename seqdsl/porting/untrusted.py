"""JSON of a process that is not trusted → checked values: a function takes anything, and gives what it is named for."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

Data = dict[str, Any]

LONGEST_NAME, LONGEST_CALL, LONGEST_SENTENCE = 200, 2_000, 4_000
LONGEST_PLACE = 9_000
"""A layer may have many arrays, each in a place of its own."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LAYER_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_MODEL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PRINTABLE = re.compile(r"[ -~]+")


class BadReading(ValueError):
    """What the process of a model says of it is not what it may say."""


def mapping(value: object, most: int | None = None) -> Data:
    """A JSON object, of ``most`` members at most."""
    if not isinstance(value, dict) or (most is not None and len(value) > most):
        raise BadReading("an object is expected")
    return value


def listed(value: object, most: int) -> list[Any]:
    """A list of ``most`` items at most."""
    if not isinstance(value, list) or len(value) > most:
        raise BadReading(f"a list of at most {most:,} items is expected")
    return value


def exactly(value: object, count: int) -> list[Any]:
    """A list of ``count`` items."""
    items = listed(value, count)
    if len(items) != count:
        raise BadReading(f"a list of {count} items is expected")
    return items


def number(value: object, most: int) -> int:
    """A whole number from 0 to ``most``."""
    # True is an int to Python, and no number here.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadReading(f"a whole number from 0 to {most:,} is expected")
    return value


def within(value: object, count: int) -> int:
    """The place of one of ``count`` things."""
    return number(value, count - 1)


def identifier(value: object) -> str:
    """A name as the language has it: ASCII letters, digits and underscores."""
    return name_like(value, _IDENTIFIER)


def layer_path(value: object) -> str:
    """The name of a layer, behind those of the rows that call the pictures it is in: ``line.gru``."""
    return name_like(value, _LAYER_PATH)


def name_like(value: object, pattern: re.Pattern[str]) -> str:
    """A text that is like a pattern as a whole, and no longer than names are."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not pattern.fullmatch(value):
        raise BadReading("a name is expected")
    return value


def model_name(value: object) -> str:
    """A name of a model as the language has it, which may have hyphens."""
    return name_like(value, _MODEL_NAME)


def call_text(value: object) -> str:
    """A call of a layer, on one line, as the language's parser reads it: ``lstm(32, dropout=0.1)``."""
    if not isinstance(value, str) or len(value) > LONGEST_CALL or not _PRINTABLE.fullmatch(value):
        raise BadReading("a call of a layer is expected")
    from seqdsl.syntax.ast import Definition
    from seqdsl.syntax.lines import parse_lines

    # As the call of a letter: exactly one definition, whose call is all of the text.
    lines, problems = parse_lines(f"A = {value}\n")
    definitions = [line for line in lines if isinstance(line, Definition)]
    # `LSTM(3)` is read as well, to say what it should be.
    is_one = len(definitions) == 1 and not definitions[0].call.python
    if problems or not is_one or "#" in value:
        raise BadReading(f"`{value}` is not a call of a layer")
    return value


def place_text(value: object) -> str:
    """Where a model keeps the weights of a layer; only the process that says so looks there."""
    if not isinstance(value, str) or len(value) > LONGEST_PLACE:
        raise BadReading("the place of a layer is expected")
    return value


def sentence(value: object) -> str:
    """Words for a terminal or a comment: one line, without control characters, cut where it is too long."""
    if not isinstance(value, str):
        raise BadReading("words are expected")
    # Escape sequences would move the cursor, a line end would leave a comment, signs of direction reorder a line.
    clean = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in value)
    return clean[:LONGEST_SENTENCE]
