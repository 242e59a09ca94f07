"""Small PyTorch modules are run in one thread while they are read or compared, and the process keeps its number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
import torch
from torch import nn

from seqdsl.importers.torch.read import read_torch
from seqdsl.runtime.adapter import MANY_WEIGHTS
from seqdsl.targets.torch.runtime import threads_for


@pytest.fixture(autouse=True)
def _two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("weights", "threads"), [(100, 1), (MANY_WEIGHTS, 2)])
def test_threads(weights: int, threads: int) -> None:
    with pytest.raises(KeyError), threads_for(weights):
        assert torch.get_num_threads() == threads
        raise KeyError
    assert torch.get_num_threads() == 2


class _Noting(nn.Linear):
    noted: ClassVar[set[int]] = set()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.noted.add(torch.get_num_threads())
        return super().forward(x)


def test_a_module_is_read_in_one_thread() -> None:
    assert read_torch(_Noting(3, 2), (torch.zeros(2, 4, 3),)).wirings is not None
    assert _Noting.noted == {1}
    assert torch.get_num_threads() == 2
