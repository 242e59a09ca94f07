"""words for how a layer is read where that is known only once something reads it, and the model is read again."""

from __future__ import annotations

TWO_ROWS = "two rows"
"""A bidirectional layer whose directions are read one by one: two rows."""

TOKENS = "tokens"
"""An input that an embedding reads, whatever its type says."""

LENGTHS = "lengths"
"""An input that says how many steps of another one are valid."""

GRIDS = "grids"
"""An input each of whose steps holds a grid: its first axis are steps."""

IN_PLACE = "in place"
"""A model whose parts are read in its place wherever it is applied: no picture could be drawn that calls it."""

MASKED = "masked"
"""A model within another one whose input has a mask when it is called."""

APART = "apart"
"""Layers over each step stay layers: one is applied elsewhere as well, and a called picture has its own weights."""
