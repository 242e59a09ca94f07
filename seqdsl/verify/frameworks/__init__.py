"""target → adapter: what `verify` asks of a framework (see `seqdsl.verify.frameworks.adapter`).

Importing an adapter imports its framework; importing this package does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from seqdsl.verify.frameworks import keras, torch
    from seqdsl.verify.frameworks.adapter import Framework

TARGETS = ("keras", "torch")
"""The frameworks that there is an adapter for."""

if TYPE_CHECKING:
    _ADAPTERS: tuple[Framework, ...] = (keras, torch)


def load(target: str) -> Framework:
    """The adapter for ``target``; imports the framework.

    Raises:
        ImportError: the framework cannot be imported.
        ValueError: there is no adapter for ``target``.
    """
    if target not in TARGETS:
        raise ValueError(f"no adapter for {target!r}; there are {', '.join(TARGETS)}")
    return cast("Framework", import_module(f"{__name__}.{target}"))
