"""PyTorch model conv-valid: many-to-one, convolutional."""

import torch
from torch import Tensor, nn


class ConvValid(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(2)
            |
          +-+-+
          | | |
          F F F     conv(8, 3, relu)
          | | |
        X X X X X   input(4)

    Shapes, without the batch:
        input x: (5, 4) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(4, 8, 3)
        self.dense_y = nn.Linear(24, 2)

    def forward(self, x: Tensor) -> Tensor:
        conv_f = torch.relu(self.conv_f(x.transpose(1, 2))).transpose(1, 2)
        y: Tensor = self.dense_y(conv_f.flatten(1))
        return y


def build_model() -> ConvValid:
    """Build the model, with random weights."""
    return ConvValid()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
