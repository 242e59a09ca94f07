"""code → what, why, wrong and right picture: the catalogue that messages, documentation and tests share."""

from __future__ import annotations

from seqdsl.text.codes.called import CALLED
from seqdsl.text.codes.cells import CELLS
from seqdsl.text.codes.code import Code, Remedy
from seqdsl.text.codes.feedback import FEEDBACK
from seqdsl.text.codes.lints import LINTS
from seqdsl.text.codes.shapes import SHAPES
from seqdsl.text.codes.structure import STRUCTURE
from seqdsl.text.codes.syntax import SYNTAX
from seqdsl.text.codes.wires import WIRES

CODES: dict[str, Code] = {
    **SYNTAX,
    **CELLS,
    **CALLED,
    **WIRES,
    **STRUCTURE,
    **FEEDBACK,
    **LINTS,
    **SHAPES,
}

__all__ = ["CODES", "Code", "Remedy"]
