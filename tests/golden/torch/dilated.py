"""PyTorch model dilated: many-to-many aligned, residual, convolutional, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Dilated(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     add
        |\  |\      |\
        D | D | ... D |   conv(8, 3, relu, padding=causal, dilation=dilation)
        | | | |     | |
        C | C | ... C |   conv(8, 3, relu, padding=causal, dilation=dilation)
        |/  |/      |/
        X   X   ... X     input(8)

        dilation = 1

    Shapes, without the batch:
        input x: (None, 8) float32
        output y: (None, 8)
    """

    def __init__(self, dilation: int = 1) -> None:
        super().__init__()
        self.dilation = dilation
        self.conv_c = nn.Conv1d(8, 8, 3, dilation=dilation)
        self.conv_d = nn.Conv1d(8, 8, 3, dilation=dilation)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (2 * self.dilation, 0))
        conv_c = torch.relu(self.conv_c(padded))
        padded_2 = F.pad(conv_c, (2 * self.dilation, 0))
        conv_d = torch.relu(self.conv_d(padded_2)).transpose(1, 2)
        return conv_d + x


def build_model(dilation: int = 1) -> Dilated:
    """Build the model, with random weights."""
    return Dilated(dilation=dilation)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
