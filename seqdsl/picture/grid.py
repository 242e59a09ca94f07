"""picture rows → grid: the nodes, ellipses and junctions of each row, and the state wires between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.syntax.ast import Row

ELLIPSIS = "."
JUNCTION = "+"
STATE_END = "*"
"""Where state enters the model, from the call before, or leaves it, for the next one."""

_DELAYED = r"(?<![A-Za-z0-9_.])[a-z](?![A-Za-z0-9_.])"
_NODES = re.compile(rf"[A-Z.…]|{_DELAYED}")
_MARK = re.compile(rf"[A-Z+*]|\.\.(?:\.|[a-z][A-Za-z0-9_]*\.\.)|…|{_DELAYED}")
_NAMED = re.compile(r"\.\.[a-z][A-Za-z0-9_]*\.\.")
_CROSSED = str.maketrans("", "", "|^")
_WIRE = re.compile(r"[-<>=]")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row, its marks (nodes, ellipses, junctions, state ends) left to right.

    Attributes:
        line: the row's line in the file.
        cells: its characters; dots for those of a named ellipsis, whose capitals are no nodes.
        is_nodes: whether it holds nodes; otherwise it is a connector row.
        marks: a capital letter for a node, a lower-case one for a delayed node, ``.`` for an ellipsis, ``+`` for a
            junction, ``*`` for a state end.
        columns: where each mark begins, counted from 0.
        joins: what joins each mark to the next: ``""``, ``"-"``, ``">"``, ``"<"`` or ``"="``.
        ends: where each ellipsis ends, by its mark.
        names: the name of each named ellipsis, by its mark.
    """

    line: int
    cells: str
    is_nodes: bool
    marks: str
    columns: list[int]
    joins: list[str]
    ends: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def span(self, mark: int) -> Span:
        """Where a mark is in the file."""
        column = self.columns[mark]
        return Span(self.line, column + 1, self.ends.get(mark, column + 1) + 1)

    def cell(self, column: int) -> Span:
        """The span of the cell in ``column``, counted from 0."""
        return Span.cell(self.line, column + 1)


def scan(rows: Iterable[Row]) -> tuple[list[GridRow], list[Diagnostic]]:
    """Find the marks of every row; the bottom row comes first, as data flows upward."""
    grid: list[GridRow] = []
    diagnostics: list[Diagnostic] = []
    for row in rows:
        scanned, problems = scan_row(row)
        grid.append(scanned)
        diagnostics += problems
    grid.reverse()
    if diagnostics and len(grid) == 1 and grid[0].marks:
        from seqdsl.picture.odd_rows import left_to_right

        if (flow := left_to_right(grid[0].cells, grid[0].span(0))) is not None:
            return grid, [flow]
    return grid, diagnostics


def scan_row(row: Row) -> tuple[GridRow, list[Diagnostic]]:
    """Find the marks of one row and the wires between them."""
    scanned, diagnostics = _scanned(row)
    if scanned.marks != scanned.marks.upper():
        diagnostics += _joined_delayed(scanned)
    if diagnostics and ".." in row.cells:
        # `..T..` and `...n...` are names as they should not be written: the rest of the row is read without them.
        from seqdsl.picture.odd_rows import named_oddly

        written, found = named_oddly(row)
        if found:
            scanned, more = _scanned(written)
            return scanned, found + more
    return scanned, diagnostics


def _scanned(row: Row) -> tuple[GridRow, list[Diagnostic]]:
    text = row.cells
    # H-H  ..n..>+    marks `H`, `H`, `.`, `+` at columns 0, 2, 5, 11; joins `-`, none, `>`; the mark 2 ends at 10, and
    #                 its name is `n`
    grid = GridRow(row.line, text, bool(_NODES.search(text)), "", [], [])
    marks: list[str] = []
    joins: list[str] = []
    diagnostics: list[Diagnostic] = []
    # Most gaps of a row are alike, such as the `-` of `H-H-H-H`: each is looked into once. One that is broken is
    # looked into every time, as each has a place of its own to report.
    joins_of_gaps: dict[str, str] = {"": "", " ": ""}
    end = 0
    for match in _MARK.finditer(text):
        start = match.start()
        gap = text[end:start]
        join = joins_of_gaps.get(gap)
        # Before the first mark a wire has nothing to join, whatever it would be between two.
        if join is None or (not marks and gap):
            join, problems = _join(grid, gap, end, bool(marks), True)
            diagnostics += problems
            if not problems and marks:
                joins_of_gaps[gap] = join
        # `++` is a bus without room for its wire; two nodes that touch, `HH`, are not joined.
        if not gap and marks and marks[-1] == "+" == match.group():
            join = "-"
        if marks:
            joins.append(join)
        end = match.end()
        marks.append(_add_mark(grid, match))
    diagnostics += _join(grid, text[end:], end, bool(marks), False)[1]
    # The `N` of `..N..` is no node: what looks for nodes in the cells must not find it.
    cells = _NAMED.sub(lambda named: "." * len(named.group()), text) if grid.names else text
    if row.call is not None and not grid.is_nodes:
        diagnostics.append(_misplaced_call(row))
    return GridRow(
        row.line, cells, grid.is_nodes, "".join(marks), grid.columns, joins, grid.ends, grid.names
    ), diagnostics


def _add_mark(grid: GridRow, match: re.Match[str]) -> str:
    """Note where a mark is, and how an ellipsis is named; give the mark."""
    text, mark = match.group(), len(grid.columns)
    grid.columns.append(match.start())
    if len(text) == 1 and text != "…":
        return text
    grid.ends[mark] = match.end()
    if len(text) > len("..."):
        grid.names[mark] = text.strip(".")
    return ELLIPSIS


def _joined_delayed(grid: GridRow) -> Iterator[Diagnostic]:
    """State wires that begin or end at a delayed node: `D-d`."""
    for mark, join in enumerate(grid.joins):
        delayed = [at for at in (mark, mark + 1) if grid.marks[at].islower()]
        if join and delayed:
            yield Diagnostic(
                "SEQ216",
                f"a state wire joins the delayed node `{grid.marks[delayed[0]]}`, which has no state",
                grid.cell(grid.columns[delayed[0]]),
                "a delayed node gives what its letter gave one step earlier: leave a space beside it",
            )


def _misplaced_call(row: Row) -> Diagnostic:
    assert row.call is not None
    return Diagnostic(
        "SEQ206",
        f"`{row.call.layer}` is written beside a row of wires",
        row.call.span,
        "write it at the right end of the row of nodes that it describes",
    )


def _join(
    grid: GridRow, gap: str, start: int, left: bool, right: bool
) -> tuple[str, list[Diagnostic]]:
    """What a gap between two marks (or a mark and the row's end) joins, or why it cannot."""
    if "." in gap:
        return "", [_stray_dots(grid, start + gap.index("."))]
    if gap[:1].isalpha():
        # `...n...` is no ellipsis beside another.
        return "", [_stray_dots(grid, start)]
    wire = _WIRE.search(gap)
    if wire is None:
        return "", []
    if not (left and right):
        at = start + (wire.start() if not left else _last_wire(gap))
        return "", [_dangling(grid, at)]
    # `--|-` is `----` that a wire passes: it joins as if that were not there.
    kinds = set(gap.translate(_CROSSED))
    broken = _broken(grid, gap, start, kinds, wire.start())
    return ("", [broken]) if broken is not None else _symbol(grid, kinds - {"-"}, start)


def _broken(grid: GridRow, gap: str, start: int, kinds: set[str], first: int) -> Diagnostic | None:
    """What is wrong with a wire between two marks, if anything: the first certain thing.

    ``first`` is where the wire begins in the gap, ``kinds`` what it is made of.
    """
    if kinds & {"/", "\\"}:
        at = start + min(gap.index(char) for char in "/\\" if char in gap)
        return _meets_slanted(grid, at)
    if " " in kinds:
        # `H  -H` is loose at its left, `H- -H` and `H-  H` behind the first part of it.
        inside = first if gap[0] == " " else gap.index(" ") - 1
        return _gap(grid, gap, start, start + inside)
    if not grid.is_nodes and kinds != {"-"}:
        at = start + min(gap.index(char) for char in "<>=" if char in gap)
        return _not_a_bus(grid, at)
    return None


def _last_wire(gap: str) -> int:
    return max(match.start() for match in _WIRE.finditer(gap))


def _symbol(grid: GridRow, kinds: set[str], start: int) -> tuple[str, list[Diagnostic]]:
    if len(kinds) <= 1:
        return (kinds or {"-"}).pop(), []
    message = "a state wire that points in both directions: " + " and ".join(
        f"`{kind}`" for kind in sorted(kinds)
    )
    return "", [
        Diagnostic(
            "SEQ208",
            message,
            grid.cell(start),
            "use one of `-`, `>`, `<`, or `=` for both directions",
        )
    ]


def _stray_dots(grid: GridRow, column: int) -> Diagnostic:
    return Diagnostic(
        "SEQ211",
        "these dots are not a valid ellipsis",
        grid.cell(column),
        "write `...` for further steps, or `..n..` with a lower-case name",
    )


def _dangling(grid: GridRow, column: int) -> Diagnostic:
    what = "a state wire" if grid.is_nodes else "a bus"
    ends = "a node or a junction" if grid.is_nodes else "a junction `+`"
    return Diagnostic(
        "SEQ207" if grid.is_nodes else "SEQ204",
        f"{what} is not connected here",
        grid.cell(column),
        f"draw it without gaps; both ends must touch {ends}",
    )


def _gap(grid: GridRow, gap: str, start: int, column: int) -> Diagnostic:
    """A wire between two marks with a gap in it."""
    found = _dangling(grid, column)
    if not grid.is_nodes:
        return found
    from seqdsl.picture.odd_rows import without_gap

    return without_gap(found, grid.cells, start, start + len(gap))


def _meets_slanted(grid: GridRow, column: int) -> Diagnostic:
    return Diagnostic(
        "SEQ203",
        f"a horizontal wire meets a `{grid.cells[column]}`: it can cross only `|`",
        grid.cell(column),
        "route the slanted wire around it in another row, or connect the two with a `+`",
    )


def _not_a_bus(grid: GridRow, column: int) -> Diagnostic:
    return Diagnostic(
        "SEQ206",
        f"`{grid.cells[column]}` in a row of wires: it carries state between nodes only",
        grid.cell(column),
        "a bus between junctions is drawn with `-`",
    )
