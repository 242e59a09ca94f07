"""rows in which data flows to the right, or downward → the same, upward: as drawings elsewhere have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.syntax.faulty import Faulty, Recovered, code, whole_line
from seqdsl.syntax.row_corrections import LEFT_TO_RIGHT, arrows_down, upward
from seqdsl.text.diagnostics import Diagnostic, Edit
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLOW = re.compile(r"\s*[A-Za-z_]\w*(?:\([^()]*\))?(?:\s*[-=]*>\s*[A-Za-z_]\w*(?:\([^()]*\))?)+\s*")


# `h_1`, `h_t`, `h1`: the letter of a node, with the number of its step.
_NUMBER = re.compile(r"(?<=^[A-Za-z])(?:_\w+|\d+)$")


def left_to_right(faulty: Faulty) -> Recovered | None:
    """``input(8) -> lstm(16) -> dense(1)``, or ``x -> h -> y`` alone: layers from left to right."""
    text = code(faulty.text)
    if not _FLOW.fullmatch(text):
        return None
    # The lines of the arrows go with them: `x ==> h` gives `x` and `h`.
    names = [_NUMBER.sub("", part.strip(" -=")) for part in text.split(">")]
    single = all(len(name) == 1 for name in names)
    if single and _is_chain(names, faulty):
        return None
    span = Span(faulty.number, len(text) - len(text.lstrip()) + 1, len(text) + 1)
    # `x -> h` are letters of nodes, `input(8) -> lstm(16)` layers of rows without letters.
    rows = upward(_row_of(name, single) for name in names)
    # `input -> lstm -> dense` is drawn by its author, who knows the sizes.
    is_whole = single or all("(" in name for name in names)
    edits = whole_line(faulty, rows) if is_whole else ()
    hint = "draw a row for each layer, the input last, with a node for each step"
    # O   dense(1)
    # |               of `input(8) -> dense(1)`: the last layer is the top row
    # O   input(8)
    hint += f":\n\n{rows}" if edits else ""
    return Recovered([], [Diagnostic("SEQ102", LEFT_TO_RIGHT, span, hint, edits=edits)])


def _is_chain(names: Sequence[str], faulty: Faulty) -> bool:
    """Whether letters are nodes joined by state wires: `h_1 -> h_2`, or `a -> b` between other rows."""
    return len(set(names)) < len(names) or not _is_alone(faulty)


def _row_of(name: str, single: bool) -> str:
    return name.upper() if single else f"O   {name}"


def _is_alone(faulty: Faulty) -> bool:
    """Whether no row is directly above or below a line."""
    around = (faulty.number - 2, faulty.number)
    return not any(faulty.texts[at].strip() for at in around if 0 <= at < len(faulty.texts))


def downward(faulty: Faulty) -> Recovered | None:
    """``v v v`` between two rows: data flows downward. The first such row of a picture speaks for all."""
    turned = arrows_down(faulty.texts, faulty.number)
    if turned is None:
        return None
    # The rows are read as they are, upside down or not: what else is wrong with them is reported as well.
    lines = faulty.lines(turned.wires)
    if not turned.is_first:
        return Recovered(lines, [])
    text = faulty.text.rstrip()
    return Recovered(
        lines,
        [
            Diagnostic(
                "SEQ102",
                "arrows that point down: data flows from the bottom to the top",
                Span(faulty.number, len(text) - len(text.lstrip()) + 1, len(text) + 1),
                f"write the rows in the opposite order, the input last, and `{turned.wires.strip()}` for the arrows",
                edits=tuple(Edit(number, 1, text) for number, text in turned.rows.items()),
            )
        ],
    )
