"""PyTorch model copy-one-row: many-to-many padded."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CopyOneRow(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              Y Y Y   dense(5)
              | | |
        H-H-H-H-H-H   lstm(units)
        | | |
        X X X         input(5)

        units = 12

    Shapes, without the batch:
        input x: (3, 5) float32
        output y: (3, 5)
    """

    def __init__(self, units: int = 12) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(5, units, batch_first=True)
        self.dense_y = nn.Linear(units, 5)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x, (0, 0, 0, 3))
        lstm_h, _ = self.lstm_h(padded)
        y: Tensor = self.dense_y(lstm_h[:, -3:])
        return y


def build_model(units: int = 12) -> CopyOneRow:
    """Build the model, with random weights."""
    return CopyOneRow(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 5)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
