"""PyTorch model tags-read-again: graph, stacked 2, bidirectional, masked, variable length."""

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


class TagsReadAgain(nn.Module):
    """Map a sequence to a sequence and a vector.

                          I
                          |
          G   G   ...     G
          |   |           |
          V   V   ...     V
          |   |           |
          C   C   ...     C
          |   |           |
        T | T |   ...   T |
        |/  |/          |/
        S   S     ...   S
        |   |           |
        H===H=====...===H
        |   |           |
        W   W     ...   W
        |   |           |
        X   X     ...   X

        X = tokens(200)
        W = embedding(16, mask=true)
        H = gru(12)
        S = dense(9, softmax)
        T = output(name=tags)
        C = argmax
        V = embedding(6)
        G = gru(8)
        I = dense(5, softmax, name=intent)

    Shapes, without the batch:
        input x: (None,) int32
        output tags: (None, 9)
        output intent: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(200, 16)
        self.gru_h = nn.GRU(16, 12, batch_first=True, bidirectional=True)
        self.dense_s = nn.Linear(24, 9)
        self.embedding_v = nn.Embedding(9, 6)
        self.gru_g = nn.GRU(6, 8, batch_first=True)
        self.intent = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        gru_h, _ = run_valid(self.gru_h, embedding_w, mask)
        dense_s = torch.softmax(self.dense_s(gru_h), dim=-1)
        dense_s = dense_s.masked_fill(~mask[..., None], 0)
        tags = dense_s
        ids_c = dense_s.argmax(dim=-1).int()
        ids_c = ids_c.masked_fill(~mask, 0)
        embedding_v = self.embedding_v(ids_c)
        _, h_n = run_valid(self.gru_g, embedding_v, mask)
        intent = torch.softmax(self.intent(h_n[-1]), dim=-1)
        return tags, intent


def build_model() -> TagsReadAgain:
    """Build the model, with random weights."""
    return TagsReadAgain()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(200, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["tags", "intent"], outputs, strict=True):
        print(name, tuple(output.shape))
