"""PyTorch model caption-every-step: many-to-many aligned, feedback."""

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


class CaptionEveryStep(nn.Module):
    """Map a vector and a sequence to a sequence.

          Y   Y   Y   Y   dense(30, softmax)
          |   |   |   |
          D---D---D---D   lstm(32)
         /|  /|  /|  /|
        +-|-+-|-+-|-+ |
        | |   |   |   |
        F W   W   W   W
        | |   |   |   |
        I X   X   X   X

        I = input(24, name=image)
        F = dense(16, relu)
        X = tokens(30, name=words, feedback=Y)
        W = embedding(12)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (4,) int32
        output y: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 16)
        self.embedding_w = nn.Embedding(30, 12)
        self.lstm_d = nn.LSTM(28, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 30)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        dense_f = torch.relu(self.dense_f(image))
        embedding_w = self.embedding_w(words)
        repeated = dense_f.unsqueeze(1).expand(-1, 4, -1)
        joined = torch.cat((repeated, embedding_w), dim=-1)
        lstm_d, _ = self.lstm_d(joined)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)

    def encode(self, image: Tensor) -> Tensor:
        """What is computed once, whatever is generated."""
        dense_f = torch.relu(self.dense_f(image))
        return dense_f

    def decode(
        self,
        words: Tensor,
        dense_f: Tensor,
        lstm_d_state: tuple[Tensor, ...] | None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(words)
        repeated = dense_f.unsqueeze(1).expand(-1, words[..., None].shape[1], -1)
        joined = torch.cat((repeated, embedding_w), dim=-1)
        lstm_d, lstm_d_state = self.lstm_d(joined, lstm_d_state)
        y = torch.softmax(self.dense_y(lstm_d), dim=-1)
        return y, lstm_d_state

    @torch.no_grad()
    def generate(
        self,
        image: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``words``.

        Args:
            image: values, (batch, features).
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
        dense_f = self.encode(image)
        lstm_d_state: tuple[Tensor, ...] | None = None
        words = start[:, None] if start.dim() == 1 else start
        if words.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_d_state = self.decode(words, dense_f, lstm_d_state)
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            words = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> CaptionEveryStep:
    """Build the model, with random weights."""
    return CaptionEveryStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 24)
    words = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(image, words)
    print("y", tuple(outputs.shape))
