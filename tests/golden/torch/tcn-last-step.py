"""PyTorch model tcn-last-step: many-to-one, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TcnLastStep(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                    Y   dense(3, softmax)
                    |
        G G G G G G G   conv(8, 3, relu, padding=causal, dilation=2)
        | | | | | | |
        F F F F F F F   conv(8, 3, relu, padding=causal)
        | | | | | | |
        X X X X X X X   input(2)

    Shapes, without the batch:
        input x: (7, 2) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(2, 8, 3)
        self.conv_g = nn.Conv1d(8, 8, 3, dilation=2)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (2, 0))
        conv_f = torch.relu(self.conv_f(padded))
        padded_2 = F.pad(conv_f, (4, 0))
        conv_g = torch.relu(self.conv_g(padded_2)).transpose(1, 2)
        return torch.softmax(self.dense_y(conv_g[:, -1]), dim=-1)


def build_model() -> TcnLastStep:
    """Build the model, with random weights."""
    return TcnLastStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
