"""PyTorch model translation: encoder-decoder, state handoff, feedback."""

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


class Translation(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

                    Y Y Y Y Y
                    | | | | |
        E-E-E-E-E-E-D-D-D-D-D
        | | | | | | | | | | |
        M M M M M M N N N N N
        | | | | | | | | | | |
        X X X X X X Z Z Z Z Z

        X = tokens(40)
        Z = tokens(50, feedback=Y)
        M = embedding(24)
        N = embedding(24)
        E = lstm(32, name=encoder)
        D = lstm(32, name=decoder)
        Y = dense(50, softmax)

    Shapes, without the batch:
        input x: (6,) int32
        input z: (5,) int32
        output y: (5, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(40, 24)
        self.embedding_n = nn.Embedding(50, 24)
        self.encoder = nn.LSTM(24, 32, batch_first=True)
        self.decoder = nn.LSTM(24, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 50)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        embedding_m = self.embedding_m(x)
        embedding_n = self.embedding_n(z)
        _, encoder_state = self.encoder(embedding_m)
        decoder, _ = self.decoder(embedding_n, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)

    def encode(self, x: Tensor) -> tuple[Tensor, ...]:
        """What is computed once, whatever is generated."""
        embedding_m = self.embedding_m(x)
        encoder_state: tuple[Tensor, ...]
        _, encoder_state = self.encoder(embedding_m)
        return encoder_state

    def decode(
        self,
        z: Tensor,
        decoder_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_n = self.embedding_n(z)
        decoder, decoder_state = self.decoder(embedding_n, decoder_state)
        y = torch.softmax(self.dense_y(decoder), dim=-1)
        return y, decoder_state

    @torch.no_grad()
    def generate(
        self,
        x: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``z``.

        Args:
            x: ids, (batch, steps).
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
        decoder_state = self.encode(x)
        z = start[:, None] if start.dim() == 1 else start
        if z.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state = self.decode(z, decoder_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            z = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> Translation:
    """Build the model, with random weights."""
    return Translation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(40, (2, 6))
    z = torch.randint(50, (2, 5))
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
