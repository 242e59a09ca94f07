"""a user's live module → a copy in another precision, which may be run and changed: the module stays as it is."""

from __future__ import annotations

import copy as python_copy
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator


def copy(model: Any, precision: str) -> Any:
    """A copy of a module, on the processor."""
    copied = python_copy.deepcopy(model).to("cpu", getattr(torch, precision))
    # What was frozen has gradients to be compared all the same.
    return copied.requires_grad_(True)


@contextmanager
def aside() -> Iterator[None]:
    """Nothing but random numbers is shared with the process."""
    with torch.random.fork_rng(devices=[]):
        yield
