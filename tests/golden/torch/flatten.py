"""PyTorch model flatten: many-to-one."""

import torch
from torch import Tensor, nn


class Flatten(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(3)
            |
        +-+-+-+-+
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_y = nn.Linear(40, 3)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.dense_y(x.flatten(1))
        return y


def build_model() -> Flatten:
    """Build the model, with random weights."""
    return Flatten()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
