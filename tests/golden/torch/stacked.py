"""PyTorch model stacked: many-to-one, stacked 3."""

import torch
from torch import Tensor, nn


class Stacked(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                O   dense(1)
                |
        O O O O O   lstm(16)
        | | | | |
        O O O O O   lstm(16)
        | | | | |
        O O O O O   lstm(16)
        | | | | |
        O O O O O   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        # lstm_1, lstm_2 and lstm_3, from the bottom up.
        self.lstm = nn.LSTM(8, 16, num_layers=3, batch_first=True)
        self.dense = nn.Linear(16, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm(x)
        y: Tensor = self.dense(h_n[-1])
        return y


def build_model() -> Stacked:
    """Build the model, with random weights."""
    return Stacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
