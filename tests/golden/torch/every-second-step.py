"""PyTorch model every-second-step: graph."""

import torch
from torch import Tensor, nn


class EverySecondStep(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y   Y   Y   dense(4, softmax)
          |   |   |
        H-H-H-H-H-H   gru(8)
        | | | | | |
        X X X X X X   input(3)

    Shapes, without the batch:
        input x: (6, 3) float32
        output y: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        return torch.softmax(self.dense_y(gru_h[:, 1::2]), dim=-1)


def build_model() -> EverySecondStep:
    """Build the model, with random weights."""
    return EverySecondStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
