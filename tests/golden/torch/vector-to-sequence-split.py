"""PyTorch model vector-to-sequence-split: one-to-many."""

import torch
from torch import Tensor, nn


class VectorToSequenceSplit(nn.Module):
    """Map a vector ``x`` to a sequence ``y``.

        Y Y Y   split
        | | |
        +-+-+
          |
          D     dense(12)
          |
          F     dense(16, relu)
          |
          X     input(5)

    Shapes, without the batch:
        input x: (5,) float32
        output y: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(5, 16)
        self.dense_d = nn.Linear(16, 12)

    def forward(self, x: Tensor) -> Tensor:
        dense_f = torch.relu(self.dense_f(x))
        dense_d = self.dense_d(dense_f)
        y: Tensor = dense_d.unflatten(-1, (3, -1))
        return y


def build_model() -> VectorToSequenceSplit:
    """Build the model, with random weights."""
    return VectorToSequenceSplit()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
