"""PyTorch model free-length-last-3: many-to-many last N, variable length."""

import torch
from torch import Tensor, nn


class FreeLengthLast3(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              O O O   dense(2)
              | | |
        O ... O O O   gru(16)
        |     | | |
        O ... O O O   input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output y: (3, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(8, 16, batch_first=True)
        self.dense = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        gru, _ = self.gru(x)
        y: Tensor = self.dense(gru[:, -3:])
        return y


def build_model() -> FreeLengthLast3:
    """Build the model, with random weights."""
    return FreeLengthLast3()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
