"""PyTorch model length-last-2: many-to-many last N, variable length."""

import torch
from torch import Tensor, nn


class LengthLast2(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y Y   dense(4)
                | |
        ...-H-H-H-H   gru(8)
            | | | |
        ... X X X X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (2, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        y: Tensor = self.dense_y(gru_h[:, -2:])
        return y


def build_model() -> LengthLast2:
    """Build the model, with random weights."""
    return LengthLast2()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
