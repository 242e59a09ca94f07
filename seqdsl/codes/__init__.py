"""code → what, why, wrong and right picture: the catalogue that messages, documentation and tests share."""

from __future__ import annotations

from seqdsl.codes.code import Code, Remedy
from seqdsl.codes.lints import LINTS
from seqdsl.codes.shapes import SHAPES
from seqdsl.codes.structure import STRUCTURE
from seqdsl.codes.syntax import SYNTAX
from seqdsl.codes.wires import WIRES

CODES: dict[str, Code] = {**SYNTAX, **WIRES, **STRUCTURE, **LINTS, **SHAPES}

__all__ = ["CODES", "Code", "Remedy"]
