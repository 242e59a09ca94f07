"""model specification → source: one thin module for each framework."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.model.spec import ModelSpec

TARGETS = ("keras", "torch")
"""The frameworks, each a package in here."""


def source(spec: ModelSpec, target: str) -> str:
    """The Python source of a model for one of `TARGETS`.

    Raises:
        ValueError: there is no such target.
    """
    if target not in TARGETS:
        raise ValueError(f"no target {target!r}: choose one of {', '.join(TARGETS)}")
    return str(import_module(f"seqdsl.backends.{target}").source(spec))
