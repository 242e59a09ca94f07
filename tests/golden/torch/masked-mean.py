"""PyTorch model masked-mean: many-to-one, masked."""

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


class MaskedMean(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(2, softmax)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        H H H H H   gru(12)
        | | | | |
        X X X X X   input(3, mask=0)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        mask = (x != 0).any(dim=-1)
        gru_h, _ = run_valid(self.gru_h, x, mask)
        mean_m = gru_h.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
        return torch.softmax(self.dense_y(mean_m), dim=-1)


def build_model() -> MaskedMean:
    """Build the model, with random weights."""
    return MaskedMean()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
