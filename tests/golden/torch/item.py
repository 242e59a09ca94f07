"""PyTorch model item: one-to-one."""

import torch
from torch import Tensor, nn


class Item(nn.Module):
    """Map a vector ``x`` to a vector ``v``.

        V   dense(4, tanh)
        |
        D   dense(8, relu)
        |
        X   input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output v: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_d = nn.Linear(6, 8)
        self.dense_v = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        dense_d = torch.relu(self.dense_d(x))
        return torch.tanh(self.dense_v(dense_d))


def build_model() -> Item:
    """Build the model, with random weights."""
    return Item()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6)
    with torch.no_grad():
        outputs = model(x)
    print("v", tuple(outputs.shape))
