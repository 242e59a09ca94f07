"""PyTorch model forecast: many-to-many aligned, residual, feedback, variable length."""

import torch
from torch import Tensor, nn


class Forecast(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     add
        |\  |\      |\
        C | C | ... C |   dense(2)
        | | | |     | |
        H-|-H-|-...-H |   gru(32)
        |/  |/      |/
        X   X   ... X     input(2, feedback=Y)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(2, 32, batch_first=True)
        self.dense_c = nn.Linear(32, 2)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        dense_c = self.dense_c(gru_h)
        y: Tensor = dense_c + x
        return y

    def decode(self, x: Tensor, gru_h_state: Tensor | None) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        gru_h, gru_h_state = self.gru_h(x, gru_h_state)
        dense_c = self.dense_c(gru_h)
        y = dense_c + x
        return y, gru_h_state

    @torch.no_grad()
    def generate(self, *, start: Tensor, steps: int) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``x``.

        Args:
            start: the first values, (batch, features), or (batch, steps, features).
            steps: how many steps to generate.

        Returns:
            Values, (batch, steps, features), without those given.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        gru_h_state: Tensor | None = None
        x = start[:, None] if start.dim() == 2 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, gru_h_state = self.decode(x, gru_h_state)
            x = y[:, -1:]
            generated.append(x)
        return torch.cat(generated, dim=1)


def build_model() -> Forecast:
    """Build the model, with random weights."""
    return Forecast()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
