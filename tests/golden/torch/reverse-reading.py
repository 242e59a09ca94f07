"""PyTorch model reverse-reading: many-to-one."""

import torch
from torch import Tensor, nn


class ReverseReading(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        Y               dense(1, sigmoid)
        |
        +---H<H<H<H<H   lstm(12)
            | | | | |
            X X X X X   input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(3, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x.flip(1))
        return torch.sigmoid(self.dense_y(h_n[-1]))


def build_model() -> ReverseReading:
    """Build the model, with random weights."""
    return ReverseReading()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
