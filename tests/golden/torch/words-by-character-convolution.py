"""PyTorch model words-by-character-convolution: many-to-many aligned, bidirectional, masked, variable length."""

from typing import Any

import torch
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
    begin = state or [torch.zeros_like(part) for part in last]
    pairs = zip(begin, last, strict=True)
    last = tuple(torch.where(empty, old, new) for old, new in pairs)
    return outputs.masked_fill(~mask[..., None], 0), last


class Word(nn.Module):
    """Map a sequence ``x`` to a vector ``m``.

              M       max
              |
        +-+-+-+-+-+
        | | | | | |
        C C C C C C   conv(5, 3, relu)
        | | | | | |
        E E E E E E   embedding(4, mask=true)
        | | | | | |
        X X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output m: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_e = nn.Embedding(30, 4)
        self.conv_c = nn.Conv1d(4, 5, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_e = self.embedding_e(x)
        embedding_e = embedding_e.masked_fill(~mask[..., None], 0)
        conv_c = torch.relu(self.conv_c(embedding_e.transpose(1, 2))).transpose(1, 2)
        conv_c = conv_c.masked_fill(~mask[..., None], 0)
        return conv_c.masked_fill(
            ~some_valid(mask)[..., None],
            float("-inf"),
        ).amax(dim=1)


class WordsByCharacterConvolution(nn.Module):
    """Map a sequence of grids ``characters`` to a sequence ``y``.

        Y Y ... Y   dense(4, softmax)
        | |     |
        H=H=...=H   lstm(5)
        | |     |
        W W ... W   word
        | |     |
        X X ... X   tokens(30, 6, mask=true, name=characters)

    Shapes, without the batch:
        input characters: (None, 6) int32
        output y: (None, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.word_w = Word()
        self.lstm_h = nn.LSTM(5, 5, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(10, 4)

    def forward(self, characters: Tensor) -> Tensor:
        mask = (characters != 0).any(dim=-1)
        word_w = torch.unflatten(
            self.word_w(characters.flatten(0, 1)),
            0,
            characters.shape[:2],
        )
        lstm_h, _ = run_valid(self.lstm_h, word_w, mask)
        y = torch.softmax(self.dense_y(lstm_h), dim=-1)
        return y.masked_fill(~mask[..., None], 0)


def build_model() -> WordsByCharacterConvolution:
    """Build the model, with random weights."""
    return WordsByCharacterConvolution()


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(30, (2, 6, 6))
    with torch.no_grad():
        outputs = model(characters)
    print("y", tuple(outputs.shape))
