"""PyTorch model forecast-delayed: many-to-many padded."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ForecastDelayed(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

            Y Y Y Y   dense(3)
            | | | |
        H-H-H-H-H-H   lstm(16)
        | | | |
        X X X X       input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x, (0, 0, 0, 2))
        lstm_h, _ = self.lstm_h(padded)
        y: Tensor = self.dense_y(lstm_h[:, -4:])
        return y


def build_model() -> ForecastDelayed:
    """Build the model, with random weights."""
    return ForecastDelayed()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
