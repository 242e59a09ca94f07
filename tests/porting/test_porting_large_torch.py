"""The gradients of large tables of PyTorch modules are those of the rows that are read, and the same as all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from seqdsl import targets
from seqdsl.runtime.named_weights import LayerWeights
from seqdsl.targets.torch import gradients

TABLE = [LayerWeights("table", "embedding", (("embeddings", (9, 4)),))]


class _Tied(nn.Module):
    """A table that is also what its results are multiplied with, whose gradient is not one of rows alone."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(9, 4, padding_idx=3)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return functional.linear(self.table(ids), self.table.weight)


@pytest.mark.parametrize("is_tied", [False, True])
def test_gradients_of_rows_are_those_of_tables(
    is_tied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    model = _Tied()
    if not is_tied:
        monkeypatch.setattr(functional, "linear", lambda rows, weight: rows)
    ids, goal = np.array([[1, 3, 1], [8, 0, 2]]), np.ones((2, 3, 9 if is_tied else 4))
    seen: list[bool] = []
    monkeypatch.setattr(model.table, "forward", _noting(model.table, seen))
    framework = targets.runtime("torch")
    before = framework.gradients(model, TABLE, [ids], [goal])
    monkeypatch.setattr(gradients, "AT_ONCE", 5)
    after = framework.gradients(model, TABLE, [ids], [goal])
    assert seen == [False, True]
    assert not model.table.sparse
    assert before[0] == after[0]
    assert np.allclose(before[1]["table/embeddings"], after[1]["table/embeddings"], rtol=1e-6)
    assert after[1]["table/embeddings"].any()


def _noting(table: nn.Embedding, seen: list[bool]) -> Any:
    forward = table.forward

    def noted(ids: torch.Tensor) -> torch.Tensor:
        seen.append(table.sparse)
        return forward(ids)

    return noted
