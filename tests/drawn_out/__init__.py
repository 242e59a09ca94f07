"""text with ellipses → the same picture drawn in full, as text: a check on elision that shares no code with it.

`elided` reads the character grid, `in_full` draws the elided steps and routes all wires anew. The rules are
those of the language page ("Wires", "Blocks", "State wires", "Length"); nothing here imports seqdsl, so that a
mistake of the compiler and of its reference interpreter cannot be shared.
"""

from __future__ import annotations

from tests.drawn_out.drawn import Elided, elided
from tests.drawn_out.picture import Unclear
from tests.drawn_out.selection import selection
from tests.drawn_out.unroll import Lengths, choices

__all__ = ["Elided", "Lengths", "Unclear", "choices", "elided", "selection"]
