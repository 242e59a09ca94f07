"""PyTorch model many-to-one: many-to-one."""

import torch
from torch import Tensor, nn


class ManyToOne(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                  O   output
                  |
        O O O O O O   lstm(16)
        | | | | | |
        O O O O O O   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (16,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm(x)
        y: Tensor = h_n[-1]
        return y


def build_model() -> ManyToOne:
    """Build the model, with random weights."""
    return ManyToOne()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
