"""weights of a module → the threads that PyTorch runs it in: one, where sharing its work takes longer than the work."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

from seqdsl.runtime.adapter import MANY_WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def threads_for(weights: int) -> Iterator[None]:
    """Within the block a module of so many weights is run.

    Where processors are busy, a thread that waits for one that the system has set aside waits in a loop: a matrix
    product of microseconds takes ten milliseconds.
    """
    before = torch.get_num_threads()
    if weights < MANY_WEIGHTS:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
