"""PyTorch model captioning: many-to-many aligned, feedback."""

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


class Captioning(nn.Module):
    """Map a vector and a sequence to a sequence.

          Y Y Y Y   dense(30, softmax)
          | | | |
        D-D-D-D-D   lstm(32)
        | | | | |
        | W W W W
        | | | | |
        I X X X X

        I = input(24)
        X = tokens(30, feedback=Y)
        W = embedding(24)

    Shapes, without the batch:
        input i: (24,) float32
        input x: (4,) int32
        output y: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 24)
        self.lstm_d = nn.LSTM(24, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 30)

    def forward(self, i: Tensor, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        joined = torch.cat((i.unsqueeze(1), embedding_w), dim=1)
        lstm_d, _ = self.lstm_d(joined)
        return torch.softmax(self.dense_y(lstm_d[:, -4:]), dim=-1)

    def encode(self, i: Tensor) -> tuple[Tensor, ...]:
        """What is computed once, whatever is generated."""
        lstm_d_state: tuple[Tensor, ...]
        _, lstm_d_state = self.lstm_d(i.unsqueeze(1))
        return lstm_d_state

    def decode(
        self,
        x: Tensor,
        lstm_d_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(x)
        lstm_d, lstm_d_state = self.lstm_d(embedding_w, lstm_d_state)
        y = torch.softmax(self.dense_y(lstm_d), dim=-1)
        return y, lstm_d_state

    @torch.no_grad()
    def generate(
        self,
        i: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``x``.

        Args:
            i: values, (batch, features).
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
        lstm_d_state = self.encode(i)
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_d_state = self.decode(x, lstm_d_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            x = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> Captioning:
    """Build the model, with random weights."""
    return Captioning()


if __name__ == "__main__":
    model = build_model()
    print(model)
    i = torch.randn(2, 24)
    x = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(i, x)
    print("y", tuple(outputs.shape))
