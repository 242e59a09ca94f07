"""PyTorch model turns-of-a-dialogue: many-to-many aligned, bidirectional, variable length."""

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


class Turn(nn.Module):
    """Map a sequence ``x`` to a vector ``t``.

                T   dense(5, tanh)
                |
        H H ... H   lstm(6)
        | |     |
        W W ... W   embedding(4, mask=true)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output t: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(50, 4)
        self.lstm_h = nn.LSTM(4, 6, batch_first=True)
        self.dense_t = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        _, (h_n, _) = run_valid(self.lstm_h, embedding_w, mask)
        return torch.tanh(self.dense_t(h_n[-1]))


class TurnsOfADialogue(nn.Module):
    """Map a sequence of grids ``words`` to a sequence ``y``.

        Y Y ... Y   dense(4, softmax)
        | |     |
        G=G=...=G   lstm(6)
        | |     |
        T T ... T   turn
        | |     |
        X X ... X   tokens(50, 7, name=words)

    Shapes, without the batch:
        input words: (None, 7) int32
        output y: (None, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.turn_t = Turn()
        self.lstm_g = nn.LSTM(5, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 4)

    def forward(self, words: Tensor) -> Tensor:
        turn_t = torch.unflatten(self.turn_t(words.flatten(0, 1)), 0, words.shape[:2])
        lstm_g, _ = self.lstm_g(turn_t)
        return torch.softmax(self.dense_y(lstm_g), dim=-1)


def build_model() -> TurnsOfADialogue:
    """Build the model, with random weights."""
    return TurnsOfADialogue()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(50, (2, 6, 7))
    with torch.no_grad():
        outputs = model(words)
    print("y", tuple(outputs.shape))
