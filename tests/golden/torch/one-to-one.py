"""PyTorch model one-to-one: one-to-one."""

import torch
from torch import Tensor, nn


class OneToOne(nn.Module):
    """Map a vector ``x`` to a vector ``y``.

        O   dense(4)
        |
        O   input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.dense(x)
        return y


def build_model() -> OneToOne:
    """Build the model, with random weights."""
    return OneToOne()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
