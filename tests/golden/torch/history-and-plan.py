"""PyTorch model history-and-plan: graph, masked, variable length."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def take_steps(x: Tensor, steps: Tensor) -> Tensor:
    """Take from each sample the steps whose indices are in ``steps``, (batch, count)."""
    return x[torch.arange(steps.shape[0], device=steps.device)[:, None], steps]


def true_first(mask: Tensor) -> Tensor:
    """The indices, (batch, steps), that put the steps that are true in ``mask`` first."""
    return mask.int().argsort(dim=1, descending=True, stable=True)


def run_valid(
    layer: nn.RNNBase, x: Tensor, mask: Tensor, state: Any = None
) -> tuple[Tensor, Any]:
    """Run a recurrent layer over the steps that are true in ``mask``, (batch, steps).

    Padded steps are skipped, and their outputs are zero.
    """
    # Packing takes the first steps of each sample: the valid ones have to come first.
    order = true_first(mask)
    lengths = mask.sum(dim=1)
    packed = pack_padded_sequence(
        take_steps(x, order),
        lengths.clamp(min=1).cpu(),
        batch_first=True,
        enforce_sorted=False,
    )
    packed, last = layer(packed, state)
    outputs, _ = pad_packed_sequence(
        packed, batch_first=True, total_length=mask.shape[1]
    )
    outputs = take_steps(outputs, order.argsort(dim=1))
    # Packing takes at least one step; without a valid one, the state does not change.
    empty = (lengths == 0)[:, None]
    begin = torch.zeros_like(last) if state is None else state
    last = torch.where(empty, begin, last)
    return outputs.masked_fill(~mask[..., None], 0), last


class HistoryAndPlan(nn.Module):
    """Map sequences ``x`` and ``y`` to a sequence ``q``.

                  Q Q ... Q
                  | |     |
        H-H-...-H-H-H-...-H
        | |     | | |     |
        X X ... X Y Y ... Y

        X = input(3, mask=-1)
        Y = input(3)
        H = gru(4)
        Q = dense(2)

    Shapes, without the batch:
        input x: (None, 3) float32
        input y: (None, 3) float32
        output q: (None, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 4, batch_first=True)
        self.dense_q = nn.Linear(4, 2)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        mask = (x != -1).any(dim=-1)
        x = x.masked_fill(~mask[..., None], 0)
        joined = torch.cat((x, y), dim=1)
        valid = torch.cat((mask, torch.ones_like(y[..., 0], dtype=torch.bool)), dim=1)
        gru_h, _ = run_valid(self.gru_h, joined, valid)
        order = true_first(valid)
        valid_first = take_steps(gru_h, order)
        q: Tensor
        q = self.dense_q(valid_first[:, x.shape[1] : x.shape[1] + y.shape[1]])
        valid_2 = take_steps(valid, order)
        q_mask = valid_2[:, x.shape[1] : x.shape[1] + y.shape[1]]
        q = q.masked_fill(~q_mask[..., None], 0)
        return q


def build_model() -> HistoryAndPlan:
    """Build the model, with random weights."""
    return HistoryAndPlan()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    y = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x, y)
    print("q", tuple(outputs.shape))
