"""PyTorch model copy-two-rows: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class CopyTwoRows(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              Y Y Y   dense(5)
              | | |
        E-E-E-D-D-D
        | | |
        X X X         input(5)

        E = lstm(units)
        D = lstm(units)
        units = 16

    Shapes, without the batch:
        input x: (3, 5) float32
        output y: (3, 5)
    """

    def __init__(self, units: int = 16) -> None:
        super().__init__()
        self.lstm_e = nn.LSTM(5, units, batch_first=True)
        self.lstm_d = nn.LSTM(1, units, batch_first=True)
        self.dense_y = nn.Linear(units, 5)

    def forward(self, x: Tensor) -> Tensor:
        _, lstm_e_state = self.lstm_e(x)
        zeros = x.new_zeros(x.shape[0], 3, 1)
        lstm_d, _ = self.lstm_d(zeros, lstm_e_state)
        y: Tensor = self.dense_y(lstm_d)
        return y


def build_model(units: int = 16) -> CopyTwoRows:
    """Build the model, with random weights."""
    return CopyTwoRows(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 5)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
