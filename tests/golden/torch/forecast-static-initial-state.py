"""PyTorch model forecast-static-initial-state: many-to-one."""

import torch
from torch import Tensor, nn


class ForecastStaticInitialState(nn.Module):
    """Map a vector and a sequence to a vector.

                  Y   dense(1)
                  |
        +---H-H-H-H   lstm(16)
        |   | | | |
        F   | | | |
        |   | | | |
        S   X X X X

        S = input(5, name=static)
        F = dense(16, tanh)
        X = input(3, name=series)

    Shapes, without the batch:
        input static: (5,) float32
        input series: (4, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(5, 16)
        self.lstm_h = nn.LSTM(3, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 1)

    def forward(self, static: Tensor, series: Tensor) -> Tensor:
        dense_f = torch.tanh(self.dense_f(static))
        lstm_h_start = dense_f.unsqueeze(0)
        _, (h_n, _) = self.lstm_h(series, (lstm_h_start, lstm_h_start))
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> ForecastStaticInitialState:
    """Build the model, with random weights."""
    return ForecastStaticInitialState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    static = torch.randn(2, 5)
    series = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(static, series)
    print("y", tuple(outputs.shape))
