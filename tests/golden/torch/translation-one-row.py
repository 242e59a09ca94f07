"""PyTorch model translation-one-row: encoder-decoder, shared weights, state handoff, feedback, variable length."""

import torch
from torch import Tensor, nn


def choose_probable(
    probabilities: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return probabilities.argmax(dim=-1)
    # By their maximum, as a power of small numbers alone would be zero.
    likely = probabilities / probabilities.amax(dim=-1, keepdim=True)
    weights = likely ** (1 / temperature)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


class TranslationOneRow(nn.Module):
    """Map 2 sequences to a sequence.

                    Y ..t.. Y   dense(30, softmax)
                    |       |
        E-..s..-E---D-..t..-D
        |       |   |       |
        W ..s.. W   W ..t.. W
        |       |   |       |
        X ..s.. X   Z ..t.. Z

        X = tokens(30, name=source)
        Z = tokens(30, name=target, feedback=Y)
        W = embedding(8)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (s,) int32
        input target: (t,) int32
        output y: (t, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(8, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 30)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_w_1 = self.embedding_w(source)
        embedding_w_2 = self.embedding_w(target)
        _, encoder_state = self.encoder(embedding_w_1)
        decoder, _ = self.decoder(embedding_w_2, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)

    def encode(self, source: Tensor) -> Tensor:
        """What is computed once, whatever is generated."""
        embedding_w_1 = self.embedding_w(source)
        encoder_state: Tensor
        _, encoder_state = self.encoder(embedding_w_1)
        return encoder_state

    def decode(self, target: Tensor, decoder_state: Tensor) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_w_2 = self.embedding_w(target)
        decoder, decoder_state = self.decoder(embedding_w_2, decoder_state)
        y = torch.softmax(self.dense_y(decoder), dim=-1)
        return y, decoder_state

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
        decoder_state = self.encode(source)
        target = start[:, None] if start.dim() == 1 else start
        if target.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state = self.decode(target, decoder_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            target = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> TranslationOneRow:
    """Build the model, with random weights."""
    return TranslationOneRow()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(30, (2, 5))
    target = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
