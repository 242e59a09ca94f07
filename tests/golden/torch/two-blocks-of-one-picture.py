"""PyTorch model two-blocks-of-one-picture: many-to-one, variable length."""

import torch
from torch import Tensor, nn


class FeedForward(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``b``.

        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        | | | |     | |
        N | N | ... N |   layernorm
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.width = width
        self.layernorm_n = nn.LayerNorm(width)
        self.dense_d = nn.Linear(width, 2 * width)
        self.dense_f = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        dense_d = torch.relu(self.dense_d(layernorm_n))
        dense_f = self.dense_f(dense_d)
        b: Tensor = dense_f + x
        return b


class TwoBlocksOfOnePicture(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(3, softmax)
                |
                M   mean
                |
        +-+-----+
        | |     |
        S S ... S   feed_forward
        | |     |
        R R ... R   feed_forward
        | |     |
        E E ... E   dense(8)
        | |     |
        X X ... X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_e = nn.Linear(4, 8)
        self.feed_forward_r = FeedForward()
        self.feed_forward_s = FeedForward()
        self.dense_y = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        dense_e = self.dense_e(x)
        feed_forward_r = self.feed_forward_r(dense_e)
        feed_forward_s = self.feed_forward_s(feed_forward_r)
        mean_m = feed_forward_s.mean(dim=1)
        return torch.softmax(self.dense_y(mean_m), dim=-1)


def build_model() -> TwoBlocksOfOnePicture:
    """Build the model, with random weights."""
    return TwoBlocksOfOnePicture()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
