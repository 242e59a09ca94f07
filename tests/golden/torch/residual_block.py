"""PyTorch model residual_block: many-to-many aligned, residual, convolutional, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``a``.

        A   A   ... A
        |\  |\      |\
        | H | H ... | H
        | | | |     | |
        | C | C ... | C
        |/  |/      |/
        X   X   ... X

        X = input(width)
        C = conv(width, 3, relu, padding=causal)
        H = gru(width)
        A = add
        width = 6

    Shapes, without the batch:
        input x: (None, width) float32
        output a: (None, width)
    """

    def __init__(self, width: int = 6) -> None:
        super().__init__()
        self.width = width
        self.conv_c = nn.Conv1d(width, width, 3)
        self.gru_h = nn.GRU(width, width, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (2, 0))
        conv_c = torch.relu(self.conv_c(padded)).transpose(1, 2)
        gru_h, _ = self.gru_h(conv_c)
        a: Tensor = x + gru_h
        return a


def build_model(width: int = 6) -> ResidualBlock:
    """Build the model, with random weights."""
    return ResidualBlock(width=width)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.width)
    with torch.no_grad():
        outputs = model(x)
    print("a", tuple(outputs.shape))
