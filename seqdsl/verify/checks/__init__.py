"""live model + job → failure or none: a check is a module here with a function ``check``.

A new check is a new module and its name in `seqdsl.verify.check_names`. A check returns what is wrong, in words for
the one who reads the report, or ``None``; what it raises is a failure too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from seqdsl.verify.check_names import CHECKS

__all__ = ["CHECKS", "load"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.verify.checks.context import Context


# A process that only starts workers has no need of numpy, so a check is imported when it is run.
def load(name: str) -> Callable[[Context], str | None]:
    """The check called ``name``."""
    check: Callable[[Context], str | None] = import_module(f"{__name__}.{name}").check
    return check
