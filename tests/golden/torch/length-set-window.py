"""PyTorch model length-set-window: many-to-one."""

import torch
from torch import Tensor, nn


class LengthSetWindow(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                       Y   dense(1)
                       |
        H ..window.. H H   lstm(units)
        |            | |
        X ..window.. X X   input(5)

        window = 30
        units = 20

    Shapes, without the batch:
        input x: (window, 5) float32
        output y: (1,)
    """

    def __init__(self, units: int = 20) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(5, units, batch_first=True)
        self.dense_y = nn.Linear(units, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model(units: int = 20) -> LengthSetWindow:
    """Build the model, with random weights."""
    return LengthSetWindow(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 30, 5)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
