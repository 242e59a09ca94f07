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

MOST_SCALE = 100.0
"""A drawing is not made larger than this."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a model is to be drawn.

    Attributes:
        theme: the colors of SVG, PNG and PDF: ``"light"``, ``"dark"``, or ``"auto"``, which is as the reader's system
            has it in SVG, and light elsewhere.
        title: what stands above the drawing instead of the model's name; ``""``: nothing, and no topology either.
        scale: how large it is: pixels of the image for one of the drawing in PNG (2 if left out), times its usual size
            in SVG and PDF.
        transparent: whether the ground is left out.
        fit: where SVG, PNG and PDF are to be read: their labels are at least 6 points where the drawing is as wide
            as a ``"column"`` of a paper (3.4 inches), or as the text of a ``"page"`` (7 inches), for up to 14 steps.

    Raises:
        UnfitOption: the scale is no number from 0 (exclusive) to `MOST_SCALE`, or the fit is unknown.
    """

    theme: ThemeName = "auto"
    title: str | None = None
    scale: float | None = None
    transparent: bool = False
    fit: Fit = "column"

    def __post_init__(self) -> None:
        """Refuse what nothing can be drawn at."""
        if self.fit not in FITS:
            raise UnfitOption(f"fit must be one of {', '.join(FITS)}, not {self.fit!r}")
        if self.scale is not None and not (isfinite(self.scale) and 0 < self.scale <= MOST_SCALE):
            raise UnfitOption(
                f"scale must be more than 0 and at most {MOST_SCALE:g}, not {self.scale}"
            )
