"""pictures → what can be compared of them, wherever their columns are."""

from __future__ import annotations

from typing import Any

from tests.drawn_out.drawn import Elided


def described(drawing: Elided, *, letters: bool = False) -> Any:
    """Blocks, wires and state wires of a picture; with the letters in which it is drawn in full, if wanted."""
    picture = drawing.picture
    blocks = [
        (drawing.letters[index] if letters else block.letter, block.row, block.entries)
        for index, block in enumerate(picture.blocks)
    ]
    rows = [
        [(m.kind, m.block, m.step, m.join.replace(">", "-"), m.below, m.finals) for m in marks]
        for marks in picture.rows
    ]
    return blocks, rows
