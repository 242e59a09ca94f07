"""PyTorch model karpathy-many-to-many: many-to-many padded."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class KarpathyManyToMany(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

            O O O   dense(4)
            | | |
        O-O-O-O-O   rnn(10)
        | | |
        O O O       input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(8, 10, batch_first=True)
        self.dense = nn.Linear(10, 4)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x, (0, 0, 0, 2))
        rnn, _ = self.rnn(padded)
        y: Tensor = self.dense(rnn[:, -3:])
        return y


def build_model() -> KarpathyManyToMany:
    """Build the model, with random weights."""
    return KarpathyManyToMany()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
