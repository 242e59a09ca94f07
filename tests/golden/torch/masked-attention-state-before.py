"""PyTorch model masked-attention-state-before: encoder-decoder, attention, state handoff, feedback, masked."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class AdditiveAttention(nn.Module):
    """Attention whose scores are a trained vector times ``tanh(query + key)``."""

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(query[:, :, None] + keys[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


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


class MaskedAttentionStateBefore(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y
                    |   |   |
        E-E-E-E-----D---D---D
        | | | |    /|  /|  /|
        | | | |   C | C | C |
        | | | |   | | | | | |
        | | | |   d | d | d |
        | | | |     |   |   |
        W W W W     Z   Z   Z
        | | | |
        X X X X

        X = tokens(30, name=source)
        Z = input(6, mask=0, name=target)
        W = embedding(8, mask=true)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)
        C = attention(E, score=additive)
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3, 6) float32
        output y: (3, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(18, 12, batch_first=True)
        self.attention_c = AdditiveAttention(12)
        self.dense_y = nn.Linear(12, 20)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = (target != 0).any(dim=-1)
        mask_2 = source != 0
        embedding_w = self.embedding_w(source)
        encoder, encoder_state = run_valid(self.encoder, embedding_w, mask_2)
        decoder_before = encoder_state[-1]
        decoder_state = encoder_state
        decoder_steps = []
        target_steps = target.unbind(1)
        for step in range(3):
            valid = mask[:, step]
            attention_c = self.attention_c(
                decoder_before.unsqueeze(1),
                encoder,
                encoder,
                mask=some_valid(mask_2)[:, None],
            )[:, 0]
            joined = torch.cat((attention_c, target_steps[step]), dim=-1)
            decoder, new_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_state = torch.where(valid[:, None], new_state, decoder_state)
            decoder = decoder.masked_fill(~valid[..., None], 0)
            decoder_steps.append(decoder)
            decoder_before = torch.where(valid[:, None], decoder, decoder_before)
        decoder = torch.stack(decoder_steps, dim=1)
        y = torch.log_softmax(self.dense_y(decoder), dim=-1)
        return y.masked_fill(~mask[..., None], 0)


def build_model() -> MaskedAttentionStateBefore:
    """Build the model, with random weights."""
    return MaskedAttentionStateBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(30, (2, 4))
    target = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
