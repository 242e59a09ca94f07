"""PyTorch model number-words: encoder-decoder, bidirectional, state handoff, feedback, masked, variable length."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def check_padding(mask: Tensor) -> None:
    """Refuse padding before a valid step; compiled or exported code does not check."""
    if torch.compiler.is_compiling():
        return
    if bool((mask[:, 1:] & ~mask[:, :-1]).any()):
        raise ValueError("padding=end: a padded step comes before a valid step")


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def take_steps(x: Tensor, steps: Tensor) -> Tensor:
    """Take from each sample the steps whose indices are in ``steps``, (batch, count)."""
    return x[torch.arange(steps.shape[0], device=steps.device)[:, None], steps]


def true_first(mask: Tensor) -> Tensor:
    """The indices, (batch, steps), that put the steps that are true in ``mask`` first."""
    return mask.int().argsort(dim=1, descending=True, stable=True)


def last_valid(x: Tensor, mask: Tensor, start: Tensor | None = None) -> Tensor:
    """At each step, what ``x`` is at the last step up to there that is true in ``mask``.

    Before the first such step it is ``start``, (batch, features), or zero.
    """
    steps = torch.arange(mask.shape[1], device=mask.device) * mask
    held = take_steps(x, steps.cummax(dim=1).values)
    begun = (mask.cumsum(dim=1) > 0)[..., None]
    return torch.where(begun, held, 0 if start is None else start[:, None])


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


class NumberWords(nn.Module):
    """Map 2 sequences to a sequence.

                      Y ... Y   dense(30)
                      |     |
                  +---D-...-D
                  |  /|    /|
                  +-+-|---+ |
                  |   |     |
        E=E=...=E-+   |     |
        | |     |     |     |
        W W ... W     V ... V
        | |     |     |     |
        X X ... X     Z ... Z

        X = tokens(30, name=source, padding=end)
        Z = tokens(30, feedback=Y, name=target)
        W = embedding(32, mask=true)
        V = embedding(32, mask=true)
        E = gru(64, name=encoder)
        D = gru(128, name=decoder)

    Shapes, without the batch:
        input source: (None,) int32
        input target: (None,) int32
        output y: (None, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 32)
        self.embedding_v = nn.Embedding(30, 32)
        self.encoder = nn.GRU(32, 64, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(160, 128, batch_first=True)
        self.dense_y = nn.Linear(128, 30)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        mask = source != 0
        check_padding(mask)
        embedding_w = self.embedding_w(source)
        mask_2 = target != 0
        embedding_v = self.embedding_v(target)
        embedding_v = embedding_v.masked_fill(~mask_2[..., None], 0)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            embedding_w,
            lengths.clamp(min=1).cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, encoder_state = self.encoder(packed)
        encoder_state = torch.where((lengths > 0)[:, None], encoder_state, 0.0)
        encoder_final = torch.cat((encoder_state[0], encoder_state[1]), dim=-1)
        repeated = encoder_final.unsqueeze(1).expand(-1, target[..., None].shape[1], -1)
        joined = torch.cat((repeated, embedding_v), dim=-1)
        decoder_start = torch.cat(
            (encoder_state[0], encoder_state[1]),
            dim=-1,
        ).unsqueeze(0)
        decoder, _ = run_valid(self.decoder, joined, mask_2, decoder_start)
        y: Tensor
        y = self.dense_y(decoder)
        y = y.masked_fill(~mask_2[..., None], 0)
        return y

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        mask = source != 0
        check_padding(mask)
        embedding_w = self.embedding_w(source)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            embedding_w,
            lengths.clamp(min=1).cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, encoder_state = self.encoder(packed)
        encoder_state = torch.where((lengths > 0)[:, None], encoder_state, 0.0)
        encoder_final = torch.cat((encoder_state[0], encoder_state[1]), dim=-1)
        decoder_start = torch.cat(
            (encoder_state[0], encoder_state[1]),
            dim=-1,
        ).unsqueeze(0)
        return encoder_final, decoder_start

    def decode(
        self,
        target: Tensor,
        encoder_final: Tensor,
        decoder_state: Tensor,
        y_before: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next steps, and the state behind them."""
        mask_2 = target != 0
        embedding_v = self.embedding_v(target)
        embedding_v = embedding_v.masked_fill(~mask_2[..., None], 0)
        repeated = encoder_final.unsqueeze(1).expand(-1, target[..., None].shape[1], -1)
        joined = torch.cat((repeated, embedding_v), dim=-1)
        decoder, decoder_state = run_valid(self.decoder, joined, mask_2, decoder_state)
        y = self.dense_y(decoder)
        y = last_valid(y, mask_2, y_before)
        return y, decoder_state, y[:, -1]

    @torch.no_grad()
    def generate(
        self,
        source: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``target``.

        Args:
            source: ids, (batch, steps).
            start: the first ids, (batch,), or those of a prompt, (batch, steps).
            steps: how many ids to generate.
            temperature: 0 takes the most probable id, above it ids are drawn.
            stop: the id behind which a sample is filled with it.
            generator: what draws.

        Returns:
            Ids, (batch, steps), without the prompt.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        encoder_final, decoder_state = self.encode(source)
        y_before: Tensor | None = None
        target = start[:, None] if start.dim() == 1 else start
        if target.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state, y_before = self.decode(
                target,
                encoder_final,
                decoder_state,
                y_before,
            )
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            target = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> NumberWords:
    """Build the model, with random weights."""
    return NumberWords()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(30, (2, 6))
    target = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
