"""text → whether its pictures have delayed nodes, which some tools of the tests do not draw."""

from __future__ import annotations

from seqdsl.api import analyze


def has_delayed(text: str) -> bool:
    """Whether a lower-case letter stands for what its letter gave one step earlier."""
    return any(model.drawing.delayed for model in analyze(text).models)
