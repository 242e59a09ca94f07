"""PyTorch model u-net-halves: many-to-many aligned, residual, variable length."""

import torch
from torch import Tensor, nn


class Level(nn.Module):
    """Map a sequence ``x`` to a sequence ``d``.

        D ... D   conv(filters, 3, relu)
        |     |
        C ... C   conv(filters, 3, relu)
        |     |
        X ... X   input(filters)

        filters = 4

    Shapes, without the batch:
        input x: (None, filters) float32
        output d: (None, filters)
    """

    def __init__(self, filters: int = 4) -> None:
        super().__init__()
        self.filters = filters
        self.conv_c = nn.Conv1d(filters, filters, 3, padding=1)
        self.conv_d = nn.Conv1d(filters, filters, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        conv_c = torch.relu(self.conv_c(x.transpose(1, 2)))
        return torch.relu(self.conv_d(conv_c)).transpose(1, 2)


class UNetHalves(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y ... Y   Y   dense(1)
        |   |     |   |
        J   J ... J   J   add
        |\ /|     |\ /|
        | L | ... | L |   level
        | | |     | | |
        | P | ... | P |   max
        |/ \|     |/ \|
        K   K ... K   K   level
        |   |     |   |
        W   W ... W   W   dense(4)
        |   |     |   |
        X   X ... X   X   input(2)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_w = nn.Linear(2, 4)
        self.level_k = Level()
        self.level_l = Level()
        self.dense_y = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        dense_w = self.dense_w(x)
        level_k = self.level_k(dense_w)
        max_p = torch.maximum(level_k[:, ::2], level_k[:, 1::2])
        level_l = self.level_l(max_p)
        repeated = level_l.repeat_interleave(2, dim=1)
        add_j = level_k + repeated
        y: Tensor = self.dense_y(add_j)
        return y


def build_model() -> UNetHalves:
    """Build the model, with random weights."""
    return UNetHalves()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 10, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
