"""what a drawing cannot be written for: a missing package, font or letter; not a problem of the picture."""

from __future__ import annotations


class MissingPackage(ImportError):
    """What a form needs is not installed."""


class CannotRender(Exception):
    """The drawing would not be what it should be."""


class UnfitOption(ValueError):
    """An option is not for this form, or its value is none that anything could be drawn with."""
