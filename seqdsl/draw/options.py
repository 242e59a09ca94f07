"""what a reader wishes → options of a drawing, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from seqdsl.draw.density import FITS
from seqdsl.draw.errors import UnfitOption

if TYPE_CHECKING:
    from seqdsl.draw.density import Fit
    from seqdsl.draw.themes import ThemeName

FORMS = ("svg", "png", "pdf", "dot", "mmd", "txt")
"""The forms of a drawing, by the endings of their files."""

_DRAWINGS = ("svg", "png", "pdf")
_MARKED = ("svg", "png")
_TITLED = (*_DRAWINGS, "dot", "mmd")

MOST_SCALE = 100.0
"""A drawing is not made larger than this."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is to be drawn.

    Attributes:
        theme: the colors of SVG, PNG and PDF: ``"light"``, ``"dark"``, or ``"auto"``, which is as the reader's system
            has it in SVG, and light elsewhere.
        title: what stands above the drawing instead of the model's name; ``""``: nothing, and no topology either.
        scale: how large it is: pixels of the image for one of the drawing in PNG (default: 2), times its usual size
            in SVG and PDF.
        transparent: whether there is no background.
        fit: where SVG, PNG and PDF are to be read: their labels are at least 6 points where the drawing is as wide
            as a ``"column"`` of a paper (3.4 inches), or as the text of a ``"page"`` (7 inches), for up to 14 steps.
        expand: whether the pictures that the model calls are drawn as well, each once under its name.
        highlighted: lines and columns of nodes in the text, around which SVG and PNG show a border.

    Raises:
        UnfitOption: the scale is not a number from 0 (exclusive) to `MOST_SCALE`, or the fit is unknown.
    """

    theme: ThemeName = "auto"
    title: str | None = None
    scale: float | None = None
    transparent: bool = False
    fit: Fit = "column"
    expand: bool = False
    highlighted: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what nothing can be drawn at."""
        if self.fit not in FITS:
            raise UnfitOption(f"fit must be one of {', '.join(FITS)}, not {self.fit!r}")
        if self.scale is not None and not (isfinite(self.scale) and 0 < self.scale <= MOST_SCALE):
            raise UnfitOption(
                f"scale must be more than 0 and at most {MOST_SCALE:g}, not {self.scale}"
            )


_USUAL = Options()


def check_fit(form: str, options: Options) -> None:
    """Refuse forms that there are not, and options that would change nothing.

    Raises:
        ValueError: there is no such form.
        UnfitOption: an option is not for it.
    """
    if form not in FORMS:
        raise ValueError(f"unknown format {form!r}: choose from {', '.join(FORMS)}")
    is_given = {
        "title": (options.title is not None, _TITLED),
        "scale": (options.scale is not None, _DRAWINGS),
        "transparent": (options.transparent, _DRAWINGS),
        "fit": (options.fit != _USUAL.fit, _DRAWINGS),
        "expand": (options.expand, _TITLED),
        "highlighted": (bool(options.highlighted), _MARKED),
    }
    for name, (given, forms) in is_given.items():
        if given and form not in forms:
            raise UnfitOption(f"{name} is not for {form}, but for {', '.join(forms)}")
