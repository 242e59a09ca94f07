"""PyTorch model one-to-many-first-step: one-to-many."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class OneToManyFirstStep(nn.Module):
    """Map a vector ``x`` to a sequence ``y``.

        O O O O O   output
        | | | | |
        O-O-O-O-O   lstm(16)
        |
        O           input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (5, 16)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.unsqueeze(1), (0, 0, 0, 4))
        lstm: Tensor
        lstm, _ = self.lstm(padded)
        return lstm


def build_model() -> OneToManyFirstStep:
    """Build the model, with random weights."""
    return OneToManyFirstStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
