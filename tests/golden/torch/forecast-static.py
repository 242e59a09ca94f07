"""PyTorch model forecast-static: many-to-one."""

import torch
from torch import Tensor, nn


class ForecastStatic(nn.Module):
    """Map a vector and a sequence to a vector.

                      Y   dense(1)
                      |
          H---H---H---H   lstm(16)
         /|  /|  /|  /|
        +-|-+-|-+-|-+ |
        | |   |   |   |
        S X   X   X   X

        S = input(5, name=static)
        X = input(3, name=series)

    Shapes, without the batch:
        input static: (5,) float32
        input series: (4, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 1)

    def forward(self, static: Tensor, series: Tensor) -> Tensor:
        repeated = static.unsqueeze(1).expand(-1, 4, -1)
        joined = torch.cat((repeated, series), dim=-1)
        _, (h_n, _) = self.lstm_h(joined)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> ForecastStatic:
    """Build the model, with random weights."""
    return ForecastStatic()


if __name__ == "__main__":
    model = build_model()
    print(model)
    static = torch.randn(2, 5)
    series = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(static, series)
    print("y", tuple(outputs.shape))
