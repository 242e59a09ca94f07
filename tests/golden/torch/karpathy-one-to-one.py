"""PyTorch model karpathy-one-to-one: one-to-one."""

import torch
from torch import Tensor, nn


class KarpathyOneToOne(nn.Module):
    """Map a vector ``x`` to a vector ``y``.

        O   dense(4)
        |
        O   dense(10, relu)
        |
        O   input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_1 = nn.Linear(8, 10)
        self.dense_2 = nn.Linear(10, 4)

    def forward(self, x: Tensor) -> Tensor:
        dense_1 = torch.relu(self.dense_1(x))
        y: Tensor = self.dense_2(dense_1)
        return y


def build_model() -> KarpathyOneToOne:
    """Build the model, with random weights."""
    return KarpathyOneToOne()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
