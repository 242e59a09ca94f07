"""attention's arguments → whether it projects what it reads: of that, a run that feeds itself keeps the projections."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def projects(arguments: Mapping[str, object]) -> bool:
    """Whether an attention projects the keys, or keys and values, that it reads."""
    return arguments["heads"] is not None or arguments["key"] is not None
