"""picture of any size + sizes → the text of a `.seq` file."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from seqdsl.catalogue.draw import labeled
from seqdsl.catalogue.entry import STRETCHES
from seqdsl.catalogue.stretch import elided, stretch

if TYPE_CHECKING:
    from seqdsl.diagnosis.kind import Drawn
    from seqdsl.diagnosis.sizes import Sizes


def draw(drawn: Drawn, sizes: Sizes) -> str:
    """The text of a picture.

    Raises:
        TooShort: it cannot have so few steps.
    """
    # Y Y Y   dense($out)        Y Y ..n.. Y   dense(5)
    # | | |                      | |       |
    # X X X   input($features)   X X  ...  X   input(4)
    #   n
    #                            n = 20
    *rows, ruler = drawn.rows.strip("\n").split("\n")
    lengths: dict[str, int | None] = dict.fromkeys(STRETCHES)
    lengths |= {"n": sizes["steps"], "m": sizes["out_steps"]}
    has_ruler = not ruler.strip(STRETCHES + " ")
    rows = stretch(rows, ruler, lengths) if has_ruler else [*rows, ruler]
    layers = {letter: Template(text).substitute(sizes) for letter, text in drawn.layers.items()}
    rows, below = labeled(rows, layers)
    below += [f"{name} = {lengths[name]}" for name in STRETCHES if name in elided(rows)]
    return "\n".join([*rows, "", *below] if below else rows) + "\n"
