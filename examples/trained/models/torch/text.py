"""PyTorch model text: many-to-many aligned, feedback, variable length."""

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


class Text(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(96)
        | |     |
        H-H-...-H   gru(192)
        | |     |
        W W ... W   embedding(32)
        | |     |
        X X ... X   tokens(96, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 96)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(96, 32)
        self.gru_h = nn.GRU(32, 192, batch_first=True)
        self.dense_y = nn.Linear(192, 96)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        gru_h, _ = self.gru_h(embedding_w)
        y: Tensor = self.dense_y(gru_h)
        return y

    def decode(self, x: Tensor, gru_h_state: Tensor | None) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(x)
        gru_h, gru_h_state = self.gru_h(embedding_w, gru_h_state)
        y = self.dense_y(gru_h)
        return y, gru_h_state

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
        gru_h_state: Tensor | None = None
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, gru_h_state = self.decode(x, gru_h_state)
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


def build_model() -> Text:
    """Build the model, with random weights."""
    return Text()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(96, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
