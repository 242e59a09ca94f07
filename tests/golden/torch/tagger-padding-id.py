"""PyTorch model tagger-padding-id: many-to-many aligned, bidirectional, masked, variable length."""

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


class TaggerPaddingId(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(5, softmax)
        | |     |
        H=H=...=H   lstm(4)
        | |     |
        E E ... E   embedding(6)
        | |     |
        X X ... X   tokens(30, mask=1)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_e = nn.Embedding(30, 6)
        self.lstm_h = nn.LSTM(6, 4, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 1
        embedding_e = self.embedding_e(x)
        lstm_h, _ = run_valid(self.lstm_h, embedding_e, mask)
        y = torch.softmax(self.dense_y(lstm_h), dim=-1)
        return y.masked_fill(~mask[..., None], 0)


def build_model() -> TaggerPaddingId:
    """Build the model, with random weights."""
    return TaggerPaddingId()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
