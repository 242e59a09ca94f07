"""PyTorch model encoder_block: many-to-many aligned, residual, attention, variable length."""

import torch
from torch import Tensor, nn


class EncoderBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N
        |   |       |
        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        |/  |/      |/
        M   M   ... M
        |   |       |
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        |/  |/      |/
        X   X   ... X

        X = input(width)
        T = attention(X, heads=heads)
        A = add
        M = layernorm
        H = dense(inner, relu)
        F = dense(width)
        B = add
        N = layernorm
        width = 8
        heads = 2
        inner = 16

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """

    def __init__(self, width: int = 8, heads: int = 2, inner: int = 16) -> None:
        super().__init__()
        self.width = width
        self.attention_t = nn.MultiheadAttention(width, heads, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_h = nn.Linear(width, inner)
        self.dense_f = nn.Linear(inner, width)
        self.layernorm_n = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(x, x, x, need_weights=False)
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        dense_h = torch.relu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        add_b = layernorm_m + dense_f
        n: Tensor = self.layernorm_n(add_b)
        return n


def build_model(width: int = 8, heads: int = 2, inner: int = 16) -> EncoderBlock:
    """Build the model, with random weights."""
    return EncoderBlock(width=width, heads=heads, inner=inner)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.width)
    with torch.no_grad():
        outputs = model(x)
    print("n", tuple(outputs.shape))
