"""PyTorch model gated-convolution: many-to-many aligned, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class GatedConvolution(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |
        M   M   M   M     multiply
        |\  |\  |\  |\
        T | T | T | T |   conv(8, 2, tanh, padding=causal)
        | S | S | S | S   conv(8, 2, sigmoid, padding=causal)
        |/  |/  |/  |/
        X   X   X   X     input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_s = nn.Conv1d(3, 8, 2)
        self.conv_t = nn.Conv1d(3, 8, 2)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (1, 0))
        conv_s = torch.sigmoid(self.conv_s(padded))
        conv_t = torch.tanh(self.conv_t(padded))
        multiply_m = (conv_t * conv_s).transpose(1, 2)
        return torch.softmax(self.dense_y(multiply_m), dim=-1)


def build_model() -> GatedConvolution:
    """Build the model, with random weights."""
    return GatedConvolution()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
