"""snapshot → tokens: a color for every run of characters, by what it is.

Nodes have the color of their layer, which no pattern of characters can tell: whether `H` is recurrent is
said by the picture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.editing.data import Token
from seqdsl.editing.drawn import drawn_pictures
from seqdsl.layers import Look, layer_def
from seqdsl.syntax.ast import Number, Row, leaves
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.drawn import Drawn
    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Call, Line

LOOKS = tuple(item.value for item in Look)
"""The kinds of nodes, which are those of drawings."""

KINDS = (
    *LOOKS,
    "node",
    "wire",
    "state",
    "ellipsis",
    "layer",
    "argument",
    "parameter",
    "value",
    "number",
    "letter",
    "variable",
    "model",
    "cell",
    "keyword",
    "comment",
)
"""All kinds of tokens; ``"node"`` is one of a picture that does not compile."""

_WIRES = re.compile(r"[|^/\\+*]|[-<>=]+")
_KEYWORD = re.compile(r"[ \t]*(model|cell)(?=[ \t])")
_COMMENT = re.compile(r"#.*")


def colors(snapshot: Snapshot) -> tuple[Token, ...]:
    """The tokens of a text, in its order, none of which overlap."""
    found = [token for part in snapshot.parts for token in _of(part)]
    return tuple(sorted(found, key=lambda item: (item.line, item.column)))


def _of(part: Part) -> Iterator[Token]:
    spans: dict[Span, str] = {}
    for drawn in drawn_pictures(part):
        spans |= _picture(drawn)
    for line in part.analysis.document.lines:
        spans |= _numbers(line)
    for item in part.names:
        # A node has its color already, and the letter of a definition is a letter.
        spans.setdefault(item.span, item.kind)
    first = 0 if part.placed is None else part.placed.blank
    for number, text in enumerate(part.lines[first:], start=first + 1):
        if (word := _KEYWORD.match(text)) is not None and _names(spans, number):
            spans[Span(number, word.start(1) + 1, word.end(1) + 1)] = "keyword"
        if (comment := _COMMENT.search(text)) is not None:
            spans[Span(number, comment.start() + 1, comment.end() + 1)] = "comment"
    yield from _placed(part, spans)


def _names(spans: dict[Span, str], line: int) -> bool:
    return any(span.line == line and kind in ("model", "cell") for span, kind in spans.items())


def _placed(part: Part, spans: dict[Span, str]) -> Iterator[Token]:
    """Tokens at their places in the file; of two that overlap, the first one."""
    line = end = 0
    for span in sorted(spans):
        if span.end <= span.column or (span.line == line and span.column < end):
            continue
        line, end = span.line, span.end
        place = part.range(span)
        yield Token(place.line, place.column, place.end_column - place.column, spans[span])


def _picture(drawn: Drawn) -> dict[Span, str]:
    looks = _looks(drawn)
    spans: dict[Span, str] = {}
    for number, row in enumerate(drawn.grid):
        for match in _WIRES.finditer(row.cells):
            # H-H in a row of nodes carries state, +-+ between them values.
            kind = "state" if row.is_nodes and match.group()[0] in "-<>=*" else "wire"
            spans[Span(row.line, match.start() + 1, match.end() + 1)] = kind
        for mark, char in enumerate(row.marks):
            if char.isalpha():
                block = drawn.block_at(number, mark)
                spans[row.span(mark)] = looks.get(-1 if block is None else block, "node")
        spans |= _ellipses(row)
    return spans


def _ellipses(row: GridRow) -> dict[Span, str]:
    """The ellipses of a row; the name in one is a name."""
    spans: dict[Span, str] = {}
    for mark in row.ends:
        spans |= _dots(row.span(mark)) if mark in row.names else {row.span(mark): "ellipsis"}
    return spans


def _dots(span: Span) -> dict[Span, str]:
    """The dots on both sides of a name: `..n..`."""
    left = Span(span.line, span.column, span.column + len(".."))
    return {left: "ellipsis", Span(span.line, span.end - len(".."), span.end): "ellipsis"}


def _looks(drawn: Drawn) -> dict[int, str]:
    """How the nodes of each block look; nothing is known of those of a picture with errors."""
    delayed = {
        at: Look.DELAYED.value for at, item in enumerate(drawn.blocks) if item.letter.islower()
    }
    if drawn.model is None:
        return delayed
    known = {block.index: layer_def(block.kind).look.value for block in drawn.model.spec.blocks}
    return delayed | known


def _numbers(line: Line) -> dict[Span, str]:
    call: Call | None = getattr(line, "call", None)
    values = [] if call is None else [item.value for item in call.arguments]
    if not isinstance(line, Row) and (value := getattr(line, "value", None)) is not None:
        values.append(value)
    return {
        leaf.span: "number"
        for value in values
        for leaf in leaves(value)
        if isinstance(leaf, Number)
    }
