"""finished rows → the same with a ``*`` at both ends of each recurrent row, where all of the picture can be cut."""

from __future__ import annotations

from collections import Counter

from seqdsl.picture.grid import JUNCTION, STATE_END
from tests.random_pictures.layers import RECURRENT
from tests.random_pictures.shapes import Block
from tests.random_pictures.states import ends
from tests.random_pictures.text import Row

CUT = (
    "dense",
    "activation",
    "layernorm",
    "dropout",
    "concat",
    "add",
    "multiply",
    "max",
    "min",
    "mean",
    "output",
    "embedding",
    "argmax",
    *RECURRENT,
)
"""What does at each step what it does, whatever piece the step is in."""

ROOM = 2
"""Columns that a ``*`` and its wire take."""


def may_carry(rows: list[Row]) -> bool:
    """Whether a sequence may be put through a picture piece by piece."""
    blocks = [block for row in rows for block in row.blocks]
    chains = [row for row in rows for block in row.blocks if block.kind in RECURRENT]
    counts = {len(block.strip.columns) for block in blocks}
    return (
        bool(chains)
        and len(counts) == 1
        and min(counts) > 1
        and all(map(_is_cut, blocks))
        and all(map(_has_ends, chains))
        and all(_reads_each_step(row, *counts) for row in rows)
        and not any(STATE_END in row.cells.values() for row in rows)
    )


def carry(rows: list[Row]) -> None:
    """Draw a ``*`` at both ends of each recurrent row; there have to be free columns at the left."""
    for row in rows:
        for block in row.blocks:
            if block.kind in RECURRENT:
                first, last = min(row.cells), max(row.cells)
                row.cells |= {first - 2: STATE_END, first - 1: "-"}
                row.cells |= {last + 1: "-", last + 2: STATE_END}
                # T-|-*    a wire beside the last node is crossed by that of the state
                columns = block.strip.columns
                for column in (*range(first, columns[0]), *range(columns[-1] + 1, last)):
                    row.cells.setdefault(column, "-")


def _is_cut(block: Block) -> bool:
    if block.kind in ("input", "tokens"):
        return not block.masked
    looks_back = block.direction in ("", "-", ">")
    is_chain = block.kind not in RECURRENT or bool(block.direction)
    return block.kind in CUT and block.is_aligned and not block.cuts and looks_back and is_chain


def _has_ends(row: Row) -> bool:
    """Whether a row is one block with room for both ends, and begins with no state that is drawn."""
    return len(row.blocks) == 1 and all(ends(row.blocks[0])) and JUNCTION not in row.cells.values()


def _reads_each_step(row: Row, count: int) -> bool:
    """Whether delayed nodes are drawn for all steps: the first one reads what the call before left."""
    delayed = Counter(sign for sign in row.cells.values() if sign.islower())
    return set(delayed.values()) <= {count}
