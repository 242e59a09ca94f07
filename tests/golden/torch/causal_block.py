"""PyTorch model causal_block: many-to-many aligned, residual, attention, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CausalBlock(nn.Module):
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
        T = attention(N, heads=heads, causal=true)
        A = add
        M = layernorm
        H = dense(2 * width, gelu)
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
        self.dense_h = nn.Linear(width, 2 * width)
        self.dense_f = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        causal_mask = torch.ones(
            layernorm_n.shape[1],
            layernorm_n.shape[1],
            dtype=torch.bool,
            device=layernorm_n.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            layernorm_n,
            layernorm_n,
            layernorm_n,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        dense_h = F.gelu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        b: Tensor = add_a + dense_f
        return b


def build_model(width: int = 8, heads: int = 2) -> CausalBlock:
    """Build the model, with random weights."""
    return CausalBlock(width=width, heads=heads)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.width)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
