"""PyTorch model features: one-to-one."""

import torch
from torch import Tensor, nn


class Features(nn.Module):
    """Map a grid ``x`` to a vector ``v``.

        V   dense(8)
        |
        M   mean(grid)
        |
        C   conv2d(4, 3, relu, stride=2)
        |
        X   input(6, 6, 3)

    Shapes, without the batch:
        input x: (3, 6, 6) float32
        output v: (8,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.dense_v = nn.Linear(4, 8)

    def forward(self, x: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(x))
        pooled_m = conv2d_c.mean(dim=(-2, -1))
        v: Tensor = self.dense_v(pooled_m)
        return v


def build_model() -> Features:
    """Build the model, with random weights."""
    return Features()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 6, 6)
    with torch.no_grad():
        outputs = model(x)
    print("v", tuple(outputs.shape))
