"""Handwritten cells that are given a mask: a row whose state waits at padded steps, or what else the mask does."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from seqdsl.importers.torch.read import read_torch
from tests.importers.wires import lines

IDS = (torch.ones(2, 5, dtype=torch.long),)


class _Minimal(nn.Module):
    """A minimal gated unit, (h, mask) in."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.new = nn.Linear(7, 4), nn.Linear(7, 4)

    def forward(self, x: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        f = torch.sigmoid(self.gate(torch.cat([x, h], -1)))
        new = (1 - f) * h + f * torch.tanh(self.new(torch.cat([x, f * h], -1)))
        return self.masked(new, h, mask)

    def masked(self, new: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        """What the mask does."""
        return torch.where(mask, new, h)


class _OfPadded(_Minimal):
    def masked(self, new: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        return torch.where(mask, h, new)


class _OfNumbers(_Minimal):
    def masked(self, new: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        return mask * new + (1 - mask) * h


class _ToZero(_Minimal):
    def masked(self, new: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        return new.masked_fill(~mask, 0)


class _Tagger(nn.Module):
    """A loop over embedded ids, of which 0 is padding."""

    def __init__(self, cell: _Minimal) -> None:
        super().__init__()
        self.words, self.cell, self.out = nn.Embedding(9, 3), cell, nn.Linear(4, 2)

    def forward(self, ids: Tensor) -> Tensor:
        valid: Any = ids == 0 if isinstance(self.cell, _OfPadded) else ids != 0
        x = self.words(ids)
        h: Any = x.masked_fill((ids == 0)[..., None], 0).new_zeros(len(ids), 4)
        if isinstance(self.cell, _OfNumbers):
            valid = valid.float()
        for step in range(ids.shape[1]):
            h = self.cell(x[:, step], h, valid[:, step, None])
        out: Tensor = self.out(h)
        return out


@pytest.mark.parametrize("kind", [_Minimal, _OfPadded, _OfNumbers])
def test_a_mask_lets_states_wait(kind: type[_Minimal]) -> None:
    reading = read_torch(_Tagger(kind()), IDS)
    assert reading.wirings is not None, reading.unread
    assert lines(reading.wirings.at[0])[1:3] == [
        "words = embedding(3, mask=true) ids[5]",
        f"cell = {kind.__name__.strip('_').lower()}(4) words[5]".replace("of", "of_"),
    ]
    assert "mask" not in reading.wirings.cells[0]


def test_a_mask_that_clears_a_state_is_refused() -> None:
    (fault,) = read_torch(_Tagger(_ToZero()), IDS).unread
    assert "whose mask does something other than let its states wait" in fault.reason
    assert fault.name == "cell" and "torch.where(valid, new, h)" in fault.way
