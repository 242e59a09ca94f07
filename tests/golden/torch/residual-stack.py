"""PyTorch model residual-stack: many-to-many aligned, stacked 2, residual."""

import torch
from torch import Tensor, nn


class ResidualStack(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``b``.

        B   B   B     add
        |\  |\  |\
        G | G | G |   lstm(8)
        |/  |/  |/
        A   A   A     add
        |\  |\  |\
        H | H | H |   lstm(8)
        |/  |/  |/
        X   X   X     input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output b: (3, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(8, 8, batch_first=True)
        self.lstm_g = nn.LSTM(8, 8, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        add_a = lstm_h + x
        lstm_g, _ = self.lstm_g(add_a)
        b: Tensor = lstm_g + add_a
        return b


def build_model() -> ResidualStack:
    """Build the model, with random weights."""
    return ResidualStack()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
