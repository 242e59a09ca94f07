"""statements → lines of at most `WIDTH` columns, broken as the usual formatters would."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Code,
    Entry,
    Index,
    Items,
    Keyword,
    Prefix,
    Text,
    flat,
)

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Assign:
    """``target = value``."""

    target: str
    value: Code


@dataclass(frozen=True, slots=True)
class Return:
    """``return a`` or ``return a, b``."""

    values: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """An expression as a statement."""

    value: Code


@dataclass(frozen=True, slots=True)
class Comment:
    """``# text``."""

    text: str


Statement: TypeAlias = Assign | Return | Run | Comment


@dataclass(frozen=True, slots=True)
class _Group:
    """A pair of brackets that may be spread, between pieces of text that may not."""

    opening: str
    items: tuple[Code, ...]
    closing: str

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(map(flat, self.items))}{self.closing}"


_Piece: TypeAlias = "str | _Group"


def lines(statement: Statement, indent: int) -> list[str]:
    """The lines of a statement that begins at column ``indent``."""
    if isinstance(statement, Comment):
        return [f"{' ' * indent}# {statement.text}"]
    if isinstance(statement, Assign):
        return _assigned(statement, indent)
    if isinstance(statement, Run):
        return _wrapped(_pieces(statement.value), indent)
    if len(statement.values) == 1:
        return _wrapped(["return ", *_pieces(statement.values[0])], indent)
    listed = f"return {', '.join(map(flat, statement.values))}"
    if indent + len(listed) <= WIDTH:
        return [" " * indent + listed]
    return _wrapped(["return ", _Group("(", statement.values, ")")], indent)


def item_lines(item: Code, indent: int) -> list[str]:
    """The lines of an item of a spread bracket, with the comma behind it."""
    return _wrapped([*_pieces(item), ","], indent)


def _assigned(statement: Assign, indent: int) -> list[str]:
    target, value = f"{statement.target} = ", _pieces(statement.value)
    first = next((place for place, piece in enumerate(value) if isinstance(piece, _Group)), None)
    head = "".join(map(str, value if first is None else value[:first]))
    room = WIDTH - indent
    # The name of what is called does not fit behind the variables, but by itself.
    if room < len(target + head) + (first is not None) <= room - 1 + len(statement.target):
        pad = " " * indent
        return [f"{pad}{target}(", *_wrapped(value, indent + 4), f"{pad})"]
    return _wrapped([target, *value], indent)


def _wrapped(pieces: list[_Piece], indent: int) -> list[str]:
    """One logical line, its widest brackets spread over lines of their own if it is too long.

    Each item of a spread bracket has a line, and a comma behind it: formatters leave that form as it is.
    """
    text = "".join(map(str, pieces))
    groups = [place for place, piece in enumerate(pieces) if isinstance(piece, _Group)]
    if indent + len(text) <= WIDTH or not groups:
        return [" " * indent + text]
    place = max(groups, key=lambda place: len(str(pieces[place])))
    group = pieces[place]
    assert isinstance(group, _Group)
    head: list[_Piece] = [*pieces[:place], group.opening]
    closing: list[_Piece] = [group.closing.lstrip(","), *pieces[place + 1 :]]
    before = ["".join(map(str, head))] if place == groups[0] else None
    inner = [line for item in group.items for line in _wrapped([*_pieces(item), ","], indent + 4)]
    start = [" " * indent + before[0]] if before else _wrapped(head, indent)
    return [*start, *inner, *_wrapped(closing, indent)]


def _pieces(value: Code) -> list[_Piece]:
    """Code as text and the brackets in it that may be spread, from left to right, outermost only."""
    found: list[_Piece] = []
    for piece in _parts(value):
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _parts(value: Code) -> list[_Piece]:
    """The pieces of code, of which neighbors may both be text: ``f(a).b`` is ``f``, the group ``(a)``, ``.b``."""
    match value:
        case Text(text):
            return [text]
        case Attribute(of, name):
            return [*_parts(of), f".{name}"]
        case Index(of, index):
            return [*_parts(of), f"[{index}]"]
        case Call(function, arguments):
            # Nothing is gained by spreading brackets around nothing.
            return [*_parts(function), _Group("(", arguments, ")") if arguments else "()"]
        case Keyword(name, of):
            return [f"{name}=", *_parts(of)]
        case Entry(key, of):
            return [f"{key}: ", *_parts(of)]
        case Items():
            return _listed(value)
        case Binary(operator, parts):
            joined = ([f" {operator} ", *_parts(part)] for part in parts)
            return list(chain.from_iterable(joined))[1:]
        case Prefix(operator, of):
            return [operator, *_parts(of)]


def _listed(value: Items) -> list[_Piece]:
    if not value.items:
        return [flat(value)]
    if len(value.items) == 1 and value.closing == ")":
        # Brackets around an operand: a comma behind it would make a tuple of it.
        return [value.opening, *_parts(value.items[0]), value.closing]
    return [_Group(value.opening, value.items, value.closing)]
