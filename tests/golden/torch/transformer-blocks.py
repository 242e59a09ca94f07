"""PyTorch model transformer-blocks: many-to-one, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Block(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``b``.

        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        | | | |     | |
        | M | M ... | M
        |/  |/      |/
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        | | | |     | |
        | N | N ... | N
        |/  |/      |/
        X   X   ... X

        X = input(width)
        N = layernorm
        T = attention(N, heads=heads)
        A = add
        M = layernorm
        H = dense(4 * width, gelu)
        F = dense(width)
        B = add
        width = 8
        heads = 2

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """

    def __init__(self, width: int = 8, heads: int = 2) -> None:
        super().__init__()
        self.width = width
        self.layernorm_n = nn.LayerNorm(width)
        self.attention_t = nn.MultiheadAttention(width, heads, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_h = nn.Linear(width, 4 * width)
        self.dense_f = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        attention_t, _ = self.attention_t(
            layernorm_n,
            layernorm_n,
            layernorm_n,
            need_weights=False,
        )
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        dense_h = F.gelu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        b: Tensor = add_a + dense_f
        return b


class TransformerBlocks(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y
            |
            P
            |
        +-+-+---+
        | |     |
        S S ... S
        | |     |
        R R ... R
        | |     |
        W W ... W
        | |     |
        X X ... X

        X = tokens(40)
        W = embedding(12)
        R = block(width=12, heads=3)
        S = block(width=12, heads=3)
        P = mean
        Y = dense(3, softmax)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 12)
        self.block_r = Block(width=12, heads=3)
        self.block_s = Block(width=12, heads=3)
        self.dense_y = nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        block_r = self.block_r(embedding_w)
        block_s = self.block_s(block_r)
        mean_p = block_s.mean(dim=1)
        return torch.softmax(self.dense_y(mean_p), dim=-1)


def build_model() -> TransformerBlocks:
    """Build the model, with random weights."""
    return TransformerBlocks()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(40, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
