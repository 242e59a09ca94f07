"""PyTorch model reading_block: many-to-many aligned, residual, attention, variable length."""

import torch
from torch import Tensor, nn


class ReadingBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        |/  |/      |/
        M   M   ... M     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2)
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.width = width
        self.attention_t = nn.MultiheadAttention(width, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_d = nn.Linear(width, 2 * width)
        self.dense_f = nn.Linear(2 * width, width)
        self.layernorm_n = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(x, x, x, need_weights=False)
        add_a = attention_t + x
        layernorm_m = self.layernorm_m(add_a)
        dense_d = torch.relu(self.dense_d(layernorm_m))
        dense_f = self.dense_f(dense_d)
        add_b = dense_f + layernorm_m
        n: Tensor = self.layernorm_n(add_b)
        return n


def build_model(width: int = 8) -> ReadingBlock:
    """Build the model, with random weights."""
    return ReadingBlock(width=width)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.width)
    with torch.no_grad():
        outputs = model(x)
    print("n", tuple(outputs.shape))
