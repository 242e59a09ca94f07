"""PyTorch model language-model-tied: many-to-many aligned, feedback, variable length."""

import torch
from torch import Tensor, nn


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


class LanguageModelTied(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(tied=M, log_softmax)
        | |     |
        P P ... P   dense(12)
        | |     |
        H H ... H   lstm(20)
        | |     |
        M M ... M   embedding(12)
        | |     |
        X X ... X   tokens(50, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(50, 12)
        self.lstm_h = nn.LSTM(12, 20, batch_first=True)
        self.dense_p = nn.Linear(20, 12)
        self.dense_y = nn.Linear(12, 50)
        self.dense_y.weight = self.embedding_m.weight

    def forward(self, x: Tensor) -> Tensor:
        embedding_m = self.embedding_m(x)
        lstm_h, _ = self.lstm_h(embedding_m)
        dense_p = self.dense_p(lstm_h)
        return torch.log_softmax(self.dense_y(dense_p), dim=-1)

    def decode(
        self,
        x: Tensor,
        lstm_h_state: tuple[Tensor, ...] | None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        embedding_m = self.embedding_m(x)
        lstm_h, lstm_h_state = self.lstm_h(embedding_m, lstm_h_state)
        dense_p = self.dense_p(lstm_h)
        y = torch.log_softmax(self.dense_y(dense_p), dim=-1)
        return y, lstm_h_state

    @torch.no_grad()
    def generate(
        self,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``x``.

        Args:
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
        lstm_h_state: tuple[Tensor, ...] | None = None
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, lstm_h_state = self.decode(x, lstm_h_state)
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            x = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> LanguageModelTied:
    """Build the model, with random weights."""
    return LanguageModelTied()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(50, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
