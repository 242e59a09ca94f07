"""PyTorch model forecast-split: encoder-decoder."""

import torch
from torch import Tensor, nn


class ForecastSplit(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y Y Y   split
                | | |
                +-+-+
                |
                D       dense(6)
                |
        H H H H H       lstm(16)
        | | | | |
        X X X X X       input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(2, 16, batch_first=True)
        self.dense_d = nn.Linear(16, 6)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        dense_d = self.dense_d(h_n[-1])
        y: Tensor = dense_d.unflatten(-1, (3, -1))
        return y


def build_model() -> ForecastSplit:
    """Build the model, with random weights."""
    return ForecastSplit()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
