"""PyTorch model sensor-gaps: many-to-one, convolutional, masked, variable length."""

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
    begin = state or [torch.zeros_like(part) for part in last]
    pairs = zip(begin, last, strict=True)
    last = tuple(torch.where(empty, old, new) for old, new in pairs)
    return outputs.masked_fill(~mask[..., None], 0), last


class SensorGaps(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(2)
                |
        H-H-...-H   lstm(4)
        | |     |
        C C ... C   conv(5, 3, relu)
        | |     |
        X X ... X   input(3, mask=-1)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_c = nn.Conv1d(3, 5, 3, padding=1)
        self.lstm_h = nn.LSTM(5, 4, batch_first=True)
        self.dense_y = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        mask = (x != -1).any(dim=-1)
        x = x.masked_fill(~mask[..., None], 0)
        conv_c = torch.relu(self.conv_c(x.transpose(1, 2))).transpose(1, 2)
        _, (h_n, _) = run_valid(self.lstm_h, conv_c, mask)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> SensorGaps:
    """Build the model, with random weights."""
    return SensorGaps()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
