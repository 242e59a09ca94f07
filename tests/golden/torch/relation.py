"""PyTorch model relation: many-to-one."""

import torch
from torch import Tensor, nn


class Relation(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

          V   dense(5, relu)
          |
        +-+
        | |
        X X   input(4)

    Shapes, without the batch:
        input x: (2, 4) float32
        output v: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_v = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.dense_v(x.flatten(1)))


def build_model() -> Relation:
    """Build the model, with random weights."""
    return Relation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 2, 4)
    with torch.no_grad():
        outputs = model(x)
    print("v", tuple(outputs.shape))
