"""PyTorch model writing_block: many-to-many aligned, residual, attention, variable length."""

import torch
from torch import Tensor, nn


class WritingBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2, causal=true)
        |/  |/      |/
        X   X   ... X     input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output n: (None, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
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
        n: Tensor = self.layernorm_n(add_a)
        return n


def build_model() -> WritingBlock:
    """Build the model, with random weights."""
    return WritingBlock()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("n", tuple(outputs.shape))
