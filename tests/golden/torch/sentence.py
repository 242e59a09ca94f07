"""PyTorch model sentence: many-to-one, bidirectional, attention, masked, variable length."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


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


class Sentence(nn.Module):
    """Map a sequence ``x`` to a vector ``c``.

                    C
                    |
        H=H=...=H   L
        | |     |
        W W ... W
        | |     |
        X X ... X

        X = tokens(500)
        W = embedding(16, mask=true)
        H = gru(12)
        L = learned(24)
        C = attention(H)

    Shapes, without the batch:
        input x: (None,) int32
        output c: (24,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(500, 16)
        self.gru_h = nn.GRU(16, 12, batch_first=True, bidirectional=True)
        self.learned_l = nn.Embedding(1, 24)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        gru_h, _ = run_valid(self.gru_h, embedding_w, mask)
        learned_l = self.learned_l.weight.expand(x.shape[0], -1)
        return F.scaled_dot_product_attention(
            learned_l.unsqueeze(1),
            gru_h,
            gru_h,
            attn_mask=some_valid(mask)[:, None],
            scale=1.0,
        )[:, 0]


def build_model() -> Sentence:
    """Build the model, with random weights."""
    return Sentence()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(500, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("c", tuple(outputs.shape))
