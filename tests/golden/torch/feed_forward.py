"""PyTorch model feed_forward: many-to-many aligned, residual, variable length."""

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


def build_model(width: int = 8) -> FeedForward:
    """Build the model, with random weights."""
    return FeedForward(width=width)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.width)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
