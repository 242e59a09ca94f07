"""PyTorch model karpathy-many-to-many-synced: many-to-many aligned."""

import torch
from torch import Tensor, nn


class KarpathyManyToManySynced(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        O O O   dense(4)
        | | |
        O-O-O   rnn(10)
        | | |
        O O O   input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(8, 10, batch_first=True)
        self.dense = nn.Linear(10, 4)

    def forward(self, x: Tensor) -> Tensor:
        rnn, _ = self.rnn(x)
        y: Tensor = self.dense(rnn)
        return y


def build_model() -> KarpathyManyToManySynced:
    """Build the model, with random weights."""
    return KarpathyManyToManySynced()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
