"""rows that can be read, and are drawn in another way elsewhere → what to type instead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.syntax.row_corrections import LEFT_TO_RIGHT, upward, without_gaps
from seqdsl.text.diagnostics import Diagnostic, Edit
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from seqdsl.syntax.ast import Row

_LONGEST = 100
_FLOW = re.compile(r"\s*[A-Z](?:\s*[-=]*>\s*[A-Z])+\s*")


def left_to_right(cells: str, span: Span) -> Diagnostic | None:
    """``X -> H -> Y`` as a whole picture: its letters are layers, not time steps.

    Args:
        cells: the only row.
        span: where its first node is.
    """
    # `H -> H -> H` is one layer with three steps, along which it carries state.
    letters = re.findall("[A-Z]", cells)
    if not _FLOW.fullmatch(cells) or len(set(letters)) < len(letters):
        return None
    rows = upward(letters)
    hint = f"draw a row for each layer, the input last, with a node for each step:\n\n{rows}"
    edits = (Edit(span.line, 1, rows),)
    return Diagnostic("SEQ215", LEFT_TO_RIGHT, span, hint, edits=edits)


# A name has two dots on each side and begins with a small letter; `...T...` is a node between two ellipses.
_ODD_NAME = re.compile(
    r"(?<!\.)\.\.[A-Z]\w*\.\.(?!\.)|\.{3,}[a-z]\w*\.{2,}|(?<!\.)\.\.[a-z]\w*\.{3,}"
)


def named_oddly(row: Row) -> tuple[Row, list[Diagnostic]]:
    """A row with the names of its ellipses as they should be written, and what is wrong with them.

    ``H ..T.. H`` is ``H ..t.. H``, and ``H ...n... H`` is ``H ..n..   H``.
    """
    faulty: list[tuple[Span, str]] = []

    def written(match: re.Match[str]) -> str:
        name = f"..{match.group().strip('.').lower()}.."
        span = Span(row.line, match.start() + 1, match.end() + 1)
        faulty.append((span, f"`{match.group()}` is not an ellipsis with a name"))
        # What follows stays in its column, and a state wire has no gap.
        wire = row.cells[match.end() : match.end() + 1]
        return name.ljust(len(match.group()), wire if wire and wire in "-=<>" else " ")

    # `H ..T.. H ..T.. H` has two findings, and one text in which both are corrected.
    text = _ODD_NAME.sub(written, row.cells)
    hint = f"write `{text}`" if len(text) <= _LONGEST else "write `..n..`"
    tail = f"   {row.call}" if row.call is not None else ""
    edits = (Edit(row.line, 1, text + tail),)
    diagnostics = [
        Diagnostic("SEQ211", message, span, hint, edits=edits) for span, message in faulty
    ]
    return replace(row, cells=text), diagnostics


def without_gap(problem: Diagnostic, cells: str, start: int, end: int) -> Diagnostic:
    """Hint at what to write for a state wire with a gap between two columns; the same finding if nobody can tell.

    ``H > H`` and ``H - - H`` have gaps; ``H-   -H`` may be two wires that lead elsewhere.
    """
    # A row may have thousands of gaps: only one that people can see is written out for each.
    if len(cells) > _LONGEST:
        return problem
    whole = without_gaps(cells)
    if whole[start:end] == cells[start:end]:
        return problem
    # The hint has the whole row, the edit this gap alone: every other gap has a finding with its own.
    edits = (Edit(problem.span.line, start + 1, whole[start:end], end + 1),)
    hint = f"a state wire has no gaps: write `{whole.rstrip()}`"
    return replace(problem, hint=hint, edits=edits)
