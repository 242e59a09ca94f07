"""Functions that build no model; nothing large is imported for them."""

from __future__ import annotations


def number() -> int:
    return 3


def failing() -> None:
    raise RuntimeError("no data here")
