"""statements → lines of at most `WIDTH` columns, broken as the usual formatters would."""

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
from seqdsl.targets.code.forms import Assign, Comment, Declare, Define, For, Run, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH = 88


@dataclass(frozen=True, slots=True)
class _Group:
    """A pair of brackets that may be spread, between pieces of text that may not."""

    opening: str
    items: tuple[Code, ...]
    closing: str

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(map(flat, self.items))}{self.closing}"


@dataclass(frozen=True, slots=True)
class _Operand:
    """Brackets around an operand: a comma behind it would make a tuple of it.

    What is in it is broken only where nothing else can be.
    """

    items: Items

    def __str__(self) -> str:
        return flat(self.items)

    @property
    def parts(self) -> list[_Piece]:
        return [self.items.opening, *_parts(self.items.items[0]), self.items.closing]


_Piece: TypeAlias = "str | _Group | _Operand"


def lines(statement: Statement, indent: int) -> list[str]:
    """The lines of a statement that begins at column ``indent``."""
    if isinstance(statement, Assign):
        return _assigned(statement, indent)
    if isinstance(statement, Comment):
        return [f"{' ' * indent}# {statement.text}"]
    if isinstance(statement, Declare):
        return [f"{' ' * indent}{statement.name}: {statement.kind}"]
    if isinstance(statement, Define):
        return _head(statement, indent)
    if isinstance(statement, For):
        return _between(f"for {statement.target} in ", statement.iterable, ":", indent)
    if isinstance(statement, Run):
        return _between("", statement.value, "", indent)
    if len(statement.values) == 1:
        return _between("return ", statement.values[0], "", indent)
    listed = f"return {', '.join(map(flat, statement.values))}"
    if indent + len(listed) <= WIDTH:
        return [" " * indent + listed]
    return _wrapped(["return ", _Group("(", statement.values, ")")], indent)


def item_lines(item: Code, indent: int) -> list[str]:
    """The lines of an item of a spread bracket, with the comma behind it."""
    return _between("", item, ",", indent)


def _between(before: str, value: Code, behind: str, indent: int) -> list[str]:
    """A line with code between texts; taken to pieces only if it is too long, as hardly any is."""
    short = f"{before}{flat(value)}{behind}"
    if indent + len(short) <= WIDTH:
        return [" " * indent + short]
    return _wrapped([before, *_pieces(value), behind], indent)


def _head(define: Define, indent: int) -> list[str]:
    """The parameters of a function are spread first, however wide what it returns is."""
    pad, head = " " * indent, f"def {define.name}("
    given = ", ".join([flat(item) for item in define.parameters])
    whole = f"{pad}{head}{given}) -> {flat(define.result)}:"
    if len(whole) <= WIDTH or not define.parameters:
        return [whole]
    result: list[_Piece] = [") -> ", *_pieces(define.result), ":"]
    spread = [line for item in define.parameters for line in item_lines(item, indent + 4)]
    return [pad + head, *spread, *_wrapped(result, indent)]


def _assigned(statement: Assign, indent: int) -> list[str]:
    if statement.kind:
        return _between(
            f"{flat(statement.targets[0])}: {statement.kind} = ", statement.value, "", indent
        )
    names = ", ".join([flat(item) for item in statement.targets])
    short = f"{names} = {flat(statement.value)}"
    if indent + len(short) <= WIDTH:
        return [" " * indent + short]
    target, value = _listed(statement.targets), _pieces(statement.value)
    whole: list[_Piece] = [*target, " = ", *value]
    if any(isinstance(piece, _Group) for piece in target):
        return _wrapped(whole, indent)
    first = next((place for place, piece in enumerate(value) if isinstance(piece, _Group)), None)
    head = "".join(map(str, value if first is None else value[:first]))
    room = WIDTH - indent
    # The name of what is called does not fit behind the variables, but by itself.
    end = len(f"{names} = {head}") + (first is not None)
    if room < end <= room - 1 + len(names):
        pad = " " * indent
        return [f"{pad}{names} = (", *_wrapped(value, indent + 4), f"{pad})"]
    return _wrapped(whole, indent)


def _wrapped(pieces: list[_Piece], indent: int) -> list[str]:
    """One logical line, its widest brackets spread over lines of their own if it is too long.

    Each item of a spread bracket has a line, and a comma behind it: formatters leave that form as it is.
    """
    text = "".join(map(str, pieces))
    if indent + len(text) <= WIDTH:
        return [" " * indent + text]
    groups = [place for place, piece in enumerate(pieces) if isinstance(piece, _Group)]
    if not groups:
        return _wrapped_operands(pieces, indent)
    place = max(groups, key=lambda place: len(str(pieces[place])))
    group = pieces[place]
    assert isinstance(group, _Group)
    head: list[_Piece] = [*pieces[:place], group.opening]
    closing: list[_Piece] = [group.closing.lstrip(","), *pieces[place + 1 :]]
    # What is in front of the first bracket is text, however long it is.
    start = [_line(head, indent)] if place == groups[0] else _wrapped(head, indent)
    inner = [line for item in _spread(group) for line in _wrapped(item, indent + 4)]
    return [*start, *inner, *_wrapped(closing, indent)]


def _line(pieces: list[_Piece], indent: int) -> str:
    return " " * indent + "".join(map(str, pieces))


def _wrapped_operands(pieces: list[_Piece], indent: int) -> list[str]:
    """A line without brackets that can be spread but those in brackets around operands.

    Of ``.unsqueeze(1)`` and the like nothing would become shorter.
    """
    opened = [part for piece in pieces for part in _opened(piece)]
    groups = [piece for piece in opened if isinstance(piece, _Group)]
    widest = max(groups, key=lambda group: len(str(group)), default=None)
    if widest is None or len(widest.items) == 1:
        return [_line(pieces, indent)]
    return _wrapped(opened, indent)


def _opened(piece: _Piece) -> list[_Piece]:
    return piece.parts if isinstance(piece, _Operand) else [piece]


def _spread(group: _Group) -> list[list[_Piece]]:
    """What stands on the lines of a spread bracket: an item each, with a comma behind it.

    Behind a generator no comma may stand, so what has one in it stays on a line.
    """
    if not any(map(_has_generator, group.items)):
        return [[*_pieces(item), ","] for item in group.items]
    return [_listed(group.items)]


def _listed(items: tuple[Code, ...]) -> list[_Piece]:
    """Items with commas between them."""
    found: list[_Piece] = []
    for number, item in enumerate(items):
        found += [*([", "] if number else []), *_pieces(item)]
    return found


def _has_generator(value: Code) -> bool:
    """Whether a bracket in some code has a generator in it."""
    if isinstance(value, Generator):
        return True
    if isinstance(value, Call | Items):
        return any(map(_has_generator, value.arguments if isinstance(value, Call) else value.items))
    if isinstance(value, Keyword | Entry):
        return _has_generator(value.value)
    return isinstance(value, Prefix) and _has_generator(value.of)


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
    found: list[_Piece] = _PARTS[type(value)](value)
    return found


def _call_parts(value: Call) -> list[_Piece]:
    spread = _Group("(", value.arguments, ")") if value.arguments else "()"
    return [*_parts(value.function), spread]


def _item_parts(value: Items) -> list[_Piece]:
    if len(value.items) == 1 and value.closing == ")":
        return [_Operand(value)]
    return [_Group(value.opening, value.items, value.closing) if value.items else flat(value)]


def _operand_parts(value: Binary) -> list[_Piece]:
    found: list[_Piece] = []
    for number, part in enumerate(value.parts):
        found += [*([f" {value.operator} "] if number else []), *_parts(part)]
    return found


_PARTS: dict[type, Callable[[Any], list[_Piece]]] = {
    Attribute: lambda value: [*_parts(value.of), f".{value.name}"],
    Binary: _operand_parts,
    Call: _call_parts,
    Entry: lambda value: [f"{value.key}: ", *_parts(value.value)],
    Generator: lambda value: [
        *_parts(value.element),
        f" for {value.target} in ",
        *_parts(value.iterable),
    ],
    Index: lambda value: [*_parts(value.of), f"[{value.index}]"],
    Items: _item_parts,
    Keyword: lambda value: [f"{value.name}=", *_parts(value.value)],
    Prefix: lambda value: [value.operator, *_parts(value.of)],
    Text: lambda value: [value.text],
}
