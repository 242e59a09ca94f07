"""PyTorch model residual-two-rows: many-to-many aligned, stacked 2, residual."""

import torch
from torch import Tensor, nn


class ResidualTwoRows(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        G | G | G | G |   lstm(8)
        | | | | | | | |
        H | H | H | H |   lstm(8)
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        # lstm_h and lstm_g, from the bottom up.
        self.lstm_h = nn.LSTM(8, 8, num_layers=2, batch_first=True)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        add_a = lstm_h + x
        y: Tensor = self.dense_y(add_a)
        return y


def build_model() -> ResidualTwoRows:
    """Build the model, with random weights."""
    return ResidualTwoRows()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
