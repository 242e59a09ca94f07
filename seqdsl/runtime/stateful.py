"""a model whose layers keep their state from call to call, whatever the framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Stateful:
    """A model that neither takes nor gives its state.

    Attributes:
        model: the model.
        reset: lets the next call begin with states of zero.
    """

    model: Any
    reset: Callable[[], None]
