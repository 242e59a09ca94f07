"""PyTorch model unet-any-length: many-to-many aligned, residual, convolutional, variable length."""

import torch
from torch import Tensor, nn


class UnetAnyLength(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y ... Y   Y
        |   |     |   |
        K   K ... K   K
        |   |     |   |
        J   J ... J   J
        |\ /|     |\ /|
        | M | ... | M |
        | | |     | | |
        | P | ... | P |
        |/ \|     |/ \|
        C   C ... C   C
        |   |     |   |
        X   X ... X   X

        X = input(2)
        C = conv(8, 3, relu)
        P = max
        M = conv(8, 3, relu)
        J = add
        K = conv(8, 3, relu)
        Y = dense(1)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_c = nn.Conv1d(2, 8, 3, padding=1)
        self.conv_m = nn.Conv1d(8, 8, 3, padding=1)
        self.conv_k = nn.Conv1d(8, 8, 3, padding=1)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        conv_c = torch.relu(self.conv_c(x.transpose(1, 2))).transpose(1, 2)
        max_p = torch.maximum(conv_c[:, ::2], conv_c[:, 1::2])
        conv_m = torch.relu(self.conv_m(max_p.transpose(1, 2))).transpose(1, 2)
        repeated = conv_m.repeat_interleave(2, dim=1)
        add_j = conv_c + repeated
        conv_k = torch.relu(self.conv_k(add_j.transpose(1, 2))).transpose(1, 2)
        y: Tensor = self.dense_y(conv_k)
        return y


def build_model() -> UnetAnyLength:
    """Build the model, with random weights."""
    return UnetAnyLength()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 10, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
