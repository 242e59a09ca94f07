"""model specification → source, and notes on it: one thin module for each framework."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seqdsl.backends.notes import Module
    from seqdsl.model.spec import ModelSpec

TARGETS = ("keras", "torch")
"""The frameworks, each a package in here."""


def source(spec: ModelSpec, target: str) -> str:
    """The Python source of a model for one of `TARGETS`.

    Raises:
        ValueError: there is no such target.
    """
    return write(spec, target).source


def write(spec: ModelSpec, target: str) -> Module:
    """The Python source of a model for one of `TARGETS`, and what its writer says of it.

    Raises:
        ValueError: there is no such target.
    """
    if target not in TARGETS:
        raise ValueError(f"no target {target!r}: choose one of {', '.join(TARGETS)}")
    found: Module = import_module(f"seqdsl.backends.{target}").write(spec)
    return found
