"""PyTorch model causal-convolution: many-to-many aligned, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CausalConvolution(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(16, relu)
        |/|/|/|/|/|
        X X X X X X   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (6, 16)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_y = nn.Conv1d(8, 16, 2)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (1, 0))
        return torch.relu(self.conv_y(padded)).transpose(1, 2)


def build_model() -> CausalConvolution:
    """Build the model, with random weights."""
    return CausalConvolution()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
