"""PyTorch model residual: many-to-many aligned, residual."""

import torch
from torch import Tensor, nn


class Residual(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   Y     dense(5)
        |   |   |
        A   A   A     add
        |\  |\  |\
        H-|-H-|-H |   lstm(8)
        |/  |/  |/
        X   X   X     input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (3, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(8, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        add_a = lstm_h + x
        y: Tensor = self.dense_y(add_a)
        return y


def build_model() -> Residual:
    """Build the model, with random weights."""
    return Residual()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
