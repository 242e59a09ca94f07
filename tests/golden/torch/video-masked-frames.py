"""PyTorch model video-masked-frames: many-to-one, masked, variable length."""

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


class VideoMaskedFrames(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(3, softmax)
                |
        H H ... H   gru(6)
        | |     |
        M M ... M   mean(grid)
        | |     |
        C C ... C   conv2d(4, 3, relu)
        | |     |
        X X ... X   input(6, 6, 1, mask=0, name=frames)

    Shapes, without the batch:
        input frames: (None, 1, 6, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 3, padding=1)
        self.gru_h = nn.GRU(4, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 3)

    def forward(self, frames: Tensor) -> Tensor:
        mask = (frames != 0).any(dim=(-3, -2, -1))
        folded = frames.flatten(0, 1)
        conv2d_c = torch.unflatten(
            torch.relu(self.conv2d_c(folded)),
            0,
            frames.shape[:2],
        )
        conv2d_c = conv2d_c.masked_fill(~mask[..., None, None, None], 0)
        pooled_m = conv2d_c.mean(dim=(-2, -1))
        _, h_n = run_valid(self.gru_h, pooled_m, mask)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> VideoMaskedFrames:
    """Build the model, with random weights."""
    return VideoMaskedFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 6, 1, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
