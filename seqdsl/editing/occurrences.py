"""part → occurrences: every name in it, where it is, what it names, and within what it is one name.

H H H   gru(units)     the letter `H` three times, the layer `gru`, the parameter `units`; all within one picture
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.grid import scan_row
from seqdsl.syntax import equations
from seqdsl.syntax.ast import Definition, Letter, ModelLine, Parameter, Row, Word, leaves
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Call, Document, Line, Picture
    from seqdsl.syntax.equations import CellDefinition

FILE = -1
"""The scope of what all pictures of a text share."""

_SETTABLE = frozenset({"features", "units"})
"""Parameters that a picture has without setting them."""


class Occurrence(NamedTuple):
    """A name at a place.

    Attributes:
        kind: ``"letter"``, ``"delayed"``, ``"layer"``, ``"argument"``, ``"parameter"``, ``"model"``, ``"cell"``,
            ``"variable"``, ``"function"`` or ``"value"``.
        name: the name as it is written.
        span: where it is.
        scope: the picture within which it is one name, by its number, or a number of its own for each cell.
        defines: whether it is the place that says what the name is.
        of: for an argument, the layer that takes it.
    """

    kind: str
    name: str
    span: Span
    scope: int = FILE
    defines: bool = False
    of: str = ""

    @property
    def identity(self) -> tuple[str, str, int]:
        """What two occurrences of one thing share."""
        # `h` is what `H` gave one step earlier: one name.
        if self.kind == "delayed":
            return "letter", self.name.upper(), self.scope
        return self.kind, self.name, self.scope


def occurrences(document: Document) -> tuple[Occurrence, ...]:
    """All names of a document, in the order of its lines."""
    names = _Names(document)
    found = [item for line in document.lines for item in names.of_line(line)]
    for number, cell in enumerate(document.cells):
        # Cells are numbered below the file: -2, -3, ...
        found += names.of_cell(cell, FILE - 1 - number)
    return tuple(sorted(found, key=lambda item: item.span))


class _Names:
    def __init__(self, document: Document) -> None:
        self.cells = {item.name for item in document.cells}
        self.models = {item.name for item in document.pictures}
        # The scopes of both by name, and what cells take.
        self.numbers = {item.name: at for at, item in enumerate(document.pictures)}
        self.numbers |= {item.name: FILE - 1 - at for at, item in enumerate(document.cells)}
        self.taken = {
            item.name: {parameter.name for parameter in item.parameters} for item in document.cells
        }
        # A line that belongs to no picture yet is within a scope of its own, as all such lines are.
        self.scopes: dict[int, int] = {}
        self.lengths: dict[int, set[str]] = {}
        for number, picture in enumerate(document.pictures):
            lines: list[Line] = [*picture.rows, *picture.definitions, *picture.parameters]
            self.scopes |= dict.fromkeys(map(_line_of, lines), number)
            self.lengths[number] = _lengths(picture) | {item.name for item in picture.parameters}

    def of_line(self, line: Line) -> Iterator[Occurrence]:
        scope = self.scopes.get(_line_of(line), len(self.scopes))
        if isinstance(line, ModelLine):
            yield Occurrence("model", line.name, line.span, defines=True)
        elif isinstance(line, Parameter):
            yield Occurrence("parameter", line.name, line.span, scope, defines=True)
        elif isinstance(line, Definition):
            yield Occurrence("letter", line.letter, line.span, scope, defines=True)
            yield from self._call(line.call, scope)
        else:
            yield from _row(scan_row(line)[0], scope)
            if line.call is not None:
                yield from self._call(line.call, scope)

    def _call(self, call: Call, scope: int) -> Iterator[Occurrence]:
        kind = "cell" if call.layer in self.cells else "layer"
        if kind == "layer" and call.layer in self.models and not _is_layer(call.layer):
            kind = "model"
        yield Occurrence(kind, call.layer, call.span)
        for argument in call.arguments:
            if argument.keyword:
                # dropout=0.2 begins with its keyword
                start = argument.span.column
                span = Span(argument.span.line, start, start + len(argument.keyword))
                yield self._keyword(argument.keyword, span, call.layer)
            # The name that a layer gets is no name of the picture.
            for leaf in leaves(argument.value) if argument.keyword != "name" else ():
                yield from self._leaf(leaf, scope)

    def _keyword(self, name: str, span: Span, layer: str) -> Occurrence:
        # mgu(4, rate=0.1) names a parameter of the cell, tower(units=32) one of that picture.
        if name in self.taken.get(layer, ()):
            return Occurrence("variable", name, span, self.numbers[layer])
        at = self.numbers.get(layer, FILE)
        if at >= 0 and name in self.lengths[at] | _SETTABLE and not _is_layer(layer):
            return Occurrence("parameter", name, span, at)
        return Occurrence("argument", name, span, of=layer)

    def _leaf(self, leaf: object, scope: int) -> Iterator[Occurrence]:
        if isinstance(leaf, Letter):
            yield Occurrence("letter", leaf.value, leaf.span, scope)
        elif isinstance(leaf, Word):
            known = self.lengths.get(scope, set()) | _SETTABLE
            yield Occurrence(
                "parameter" if leaf.value in known else "value", leaf.value, leaf.span, scope
            )

    def of_cell(self, cell: CellDefinition, scope: int) -> Iterator[Occurrence]:
        yield Occurrence("cell", cell.name, cell.span, defines=True)
        for item in cell.parameters:
            span = Span(item.span.line, item.span.column, item.span.column + len(item.name))
            yield Occurrence("variable", item.name, span, scope, defines=True)
        # The first equation of a name says what it is; where it is read before, it is state.
        first = {item.name for item in cell.parameters}
        for equation in cell.equations:
            for word in equations.leaves(equation.value, keywords=True):
                yield Occurrence("variable", word.value, word.span, scope)
            for word in equation.names:
                yield Occurrence("variable", word.value, word.span, scope, word.value not in first)
                first.add(word.value)


def _lengths(picture: Picture) -> set[str]:
    """The names of a picture's ellipses: `..n..` is a parameter, whether `n = 20` is there or not."""
    rows = [scan_row(row)[0] for row in picture.rows if ".." in row.cells]
    return {name for row in rows for name in row.names.values()}


def _is_layer(name: str) -> bool:
    from seqdsl.layers import find_layer

    return find_layer(name) is not None


def _line_of(line: Line) -> int:
    return line.line if isinstance(line, Row) else line.span.line


def _row(row: GridRow, scope: int) -> Iterator[Occurrence]:
    for mark, char in enumerate(row.marks):
        if char.isalpha():
            kind = "letter" if char.isupper() else "delayed"
            yield Occurrence(kind, char, row.span(mark), scope)
        elif mark in row.names:
            # `..n..`: the name is between the dots.
            name, column = row.names[mark], row.columns[mark] + len("..") + 1
            yield Occurrence("parameter", name, Span(row.line, column, column + len(name)), scope)
