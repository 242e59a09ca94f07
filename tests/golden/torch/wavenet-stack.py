"""PyTorch model wavenet-stack: many-to-many aligned, residual, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class WavenetStack(nn.Module):
    r"""Map a sequence ``i`` to a sequence ``y``.

        Y   Y   Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |   |   |
        B   B   B   B   B   B     add
        |\  |\  |\  |\  |\  |\
        G | G | G | G | G | G |   conv(8, 2, relu, padding=causal, dilation=4)
        |/  |/  |/  |/  |/  |/
        A   A   A   A   A   A     add
        |\  |\  |\  |\  |\  |\
        F | F | F | F | F | F |   conv(8, 2, relu, padding=causal, dilation=2)
        |/  |/  |/  |/  |/  |/
        X   X   X   X   X   X     conv(8, 2, relu, padding=causal)
        |   |   |   |   |   |
        I   I   I   I   I   I     input(1)

    Shapes, without the batch:
        input i: (6, 1) float32
        output y: (6, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_x = nn.Conv1d(1, 8, 2)
        self.conv_f = nn.Conv1d(8, 8, 2, dilation=2)
        self.conv_g = nn.Conv1d(8, 8, 2, dilation=4)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, i: Tensor) -> Tensor:
        padded = F.pad(i.transpose(1, 2), (1, 0))
        conv_x = torch.relu(self.conv_x(padded))
        padded_2 = F.pad(conv_x, (2, 0))
        conv_f = torch.relu(self.conv_f(padded_2))
        add_a = conv_f + conv_x
        padded_3 = F.pad(add_a, (4, 0))
        conv_g = torch.relu(self.conv_g(padded_3))
        add_b = (conv_g + add_a).transpose(1, 2)
        return torch.softmax(self.dense_y(add_b), dim=-1)


def build_model() -> WavenetStack:
    """Build the model, with random weights."""
    return WavenetStack()


if __name__ == "__main__":
    model = build_model()
    print(model)
    i = torch.randn(2, 6, 1)
    with torch.no_grad():
        outputs = model(i)
    print("y", tuple(outputs.shape))
