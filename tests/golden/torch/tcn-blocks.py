"""PyTorch model tcn-blocks: many-to-many aligned, variable length."""

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


class TcnBlocks(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(1)
        | |     |
        C C ... C   dilated(dilation=4)
        | |     |
        B B ... B   dilated(dilation=2)
        | |     |
        A A ... A   dilated
        | |     |
        W W ... W   dense(8)
        | |     |
        X X ... X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_w = nn.Linear(3, 8)
        self.dilated_a = Dilated()
        self.dilated_b = Dilated(dilation=2)
        self.dilated_c = Dilated(dilation=4)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        dense_w = self.dense_w(x)
        dilated_a = self.dilated_a(dense_w)
        dilated_b = self.dilated_b(dilated_a)
        dilated_c = self.dilated_c(dilated_b)
        y: Tensor = self.dense_y(dilated_c)
        return y


def build_model() -> TcnBlocks:
    """Build the model, with random weights."""
    return TcnBlocks()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
