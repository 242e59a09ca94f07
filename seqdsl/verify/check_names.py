"""the names of the checks, for all who only name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets import find

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKS = (
    "shapes",
    "parameters",
    "reference",
    "generate",
    "dependence",
    "agreement",
    "training",
    "saving",
)
"""In the order in which they run; each is a module of `seqdsl.verify.checks`."""

OF_VALUES = ("shapes", "reference", "generate", "dependence", "agreement")
"""The checks of a target whose models only predict."""


def checks_of(target: str, checks: Sequence[str] = CHECKS) -> tuple[str, ...]:
    """Those of some checks that a target's models can be put to."""
    able = CHECKS if find(target).trains else OF_VALUES
    return tuple(check for check in checks if check in able)
