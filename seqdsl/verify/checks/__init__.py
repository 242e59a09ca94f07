"""live model + job → failure or none: a promise is a module here with a function ``check``.

A new promise is a new module and its name in `CHECKS`. A check returns what is wrong, in words for
the one who reads the report, or ``None``; what it raises is a failure too.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.verify.frameworks import Framework
    from seqdsl.verify.jobs import Job

CHECKS = ("shapes", "parameters")
"""The names of the checks, in the order they run. The first calls the model: some frameworks make
its weights only then."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check looks at: the job, the model that was built for it, and its framework."""

    job: Job
    model: Any
    framework: Framework


# A process that only starts workers has no need of numpy, so a check is imported when it is run.
def load(name: str) -> Callable[[Context], str | None]:
    """The check called ``name``."""
    check: Callable[[Context], str | None] = import_module(f"{__name__}.{name}").check
    return check
