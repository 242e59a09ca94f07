"""PyTorch model transformer-block: many-to-many aligned, residual, attention."""

import torch
from torch import Tensor, nn


class TransformerBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   N   N     layernorm
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        F | F | F | F |   dense(8)
        | | | | | | | |
        H | H | H | H |   dense(16, relu)
        |/  |/  |/  |/
        M   M   M   M     layernorm
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2, causal=true)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output n: (4, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(8)
        self.dense_h = nn.Linear(8, 16)
        self.dense_f = nn.Linear(16, 8)
        self.layernorm_n = nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        causal_mask = torch.ones(
            x.shape[1],
            x.shape[1],
            dtype=torch.bool,
            device=x.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            x,
            x,
            x,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = attention_t + x
        layernorm_m = self.layernorm_m(add_a)
        dense_h = torch.relu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        add_b = dense_f + layernorm_m
        n: Tensor = self.layernorm_n(add_b)
        return n


def build_model() -> TransformerBlock:
    """Build the model, with random weights."""
    return TransformerBlock()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("n", tuple(outputs.shape))
