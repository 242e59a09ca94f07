"""code → text, and the brackets in it that may be spread over lines: what `statements` breaks lines at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Code,
    Entry,
    Generator,
    Index,
    Items,
    Keyword,
    Prefix,
    Text,
    flat,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of brackets that may be spread, between pieces of text that may not."""

    opening: str
    items: tuple[Code, ...]
    closing: str

    def __str__(self) -> str:
        """The brackets on one line."""
        return f"{self.opening}{', '.join(map(flat, self.items))}{self.closing}"


@dataclass(frozen=True, slots=True)
class Operand:
    """Brackets around an operand: a comma behind it would make a tuple of it.

    What is in it is broken only where nothing else can be.
    """

    items: Items

    def __str__(self) -> str:
        """The operand on one line."""
        return flat(self.items)

    @property
    def parts(self) -> list[Piece]:
        """The brackets as text, and what may be spread between them."""
        return [self.items.opening, *_parts(self.items.items[0]), self.items.closing]


@dataclass(frozen=True, slots=True)
class Subscript:
    """The brackets of an index, spread where nothing else on the line can be; no comma may be added to it."""

    index: str

    def __str__(self) -> str:
        """The brackets on one line."""
        return f"[{self.index}]"


Piece: TypeAlias = "str | Group | Operand | Subscript"


def listed_pieces(items: tuple[Code, ...]) -> list[Piece]:
    """Items with commas between them."""
    pieces: list[Piece] = []
    for number, item in enumerate(items):
        pieces += [*([", "] if number else []), *pieces_of(item)]
    return pieces


def pieces_of(value: Code) -> list[Piece]:
    """Code as text and the brackets in it that may be spread, from left to right, outermost only."""
    pieces: list[Piece] = []
    for piece in _parts(value):
        # `x`, `.view`, (group), `.T` -> `x.view`, (group), `.T`: no two texts side by side.
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _parts(value: Code) -> list[Piece]:
    parts: list[Piece] = _PARTS[type(value)](value)
    return parts


def _call_parts(value: Call) -> list[Piece]:
    # Brackets with nothing in them are text: `self.eval()` has none that could be spread.
    spread = Group("(", value.arguments, ")") if value.arguments else "()"
    return [*_parts(value.function), spread]


def _item_parts(value: Items) -> list[Piece]:
    if len(value.items) == 1 and value.closing == ")":
        return [Operand(value)]
    return [Group(value.opening, value.items, value.closing) if value.items else flat(value)]


def _operand_parts(value: Binary) -> list[Piece]:
    pieces: list[Piece] = []
    for number, part in enumerate(value.parts):
        pieces += [*([f" {value.operator} "] if number else []), *_parts(part)]
    return pieces


_PARTS: dict[type, Callable[[Any], list[Piece]]] = {
    Attribute: lambda value: [*_parts(value.of), f".{value.name}"],
    Binary: _operand_parts,
    Call: _call_parts,
    Entry: lambda value: [f"{value.key}: ", *_parts(value.value)],
    Generator: lambda value: [
        *_parts(value.element),
        f" for {value.target} in ",
        *_parts(value.iterable),
    ],
    Index: lambda value: [*_parts(value.of), Subscript(value.index)],
    Items: _item_parts,
    Keyword: lambda value: [f"{value.name}=", *_parts(value.value)],
    Prefix: lambda value: [value.operator, *_parts(value.of)],
    Text: lambda value: [value.text],
}
