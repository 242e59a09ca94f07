"""PyTorch model length-free-regression: many-to-one, variable length."""

import torch
from torch import Tensor, nn


class LengthFreeRegression(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                  Y   dense(1)
                  |
        H-H-...-H-H   gru(12)
        | |     | |
        X X ... X X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, h_n = self.gru_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LengthFreeRegression:
    """Build the model, with random weights."""
    return LengthFreeRegression()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
