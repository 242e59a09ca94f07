"""PyTorch model many-to-many-aligned: many-to-many aligned."""

import torch
from torch import Tensor, nn


class ManyToManyAligned(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        O O O O O O   output
        | | | | | |
        O O O O O O   lstm(16)
        | | | | | |
        O O O O O O   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (6, 16)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        lstm: Tensor
        lstm, _ = self.lstm(x)
        return lstm


def build_model() -> ManyToManyAligned:
    """Build the model, with random weights."""
    return ManyToManyAligned()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
