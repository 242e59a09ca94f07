"""PyTorch model forecast-repeat: encoder-decoder."""

import torch
from torch import Tensor, nn


class ForecastRepeat(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                  Y Y Y   dense(2)
                  | | |
                  G-G-G   lstm(12)
                  | | |
                +-+-+-+
                |
        H-H-H-H-H         lstm(12)
        | | | | |
        X X X X X         input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(2, 12, batch_first=True)
        self.lstm_g = nn.LSTM(12, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 3, -1)
        lstm_g, _ = self.lstm_g(repeated)
        y: Tensor = self.dense_y(lstm_g)
        return y


def build_model() -> ForecastRepeat:
    """Build the model, with random weights."""
    return ForecastRepeat()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
