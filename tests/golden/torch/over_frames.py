"""PyTorch model over_frames: many-to-many aligned, residual, attention, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class OverFrames(nn.Module):
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

        X = input(6)
        N = layernorm
        T = attention(N, heads=2)
        A = add
        M = layernorm
        H = dense(12, gelu)
        F = dense(6)
        B = add

    Shapes, without the batch:
        input x: (None, 6) float32
        output b: (None, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.layernorm_n = nn.LayerNorm(6)
        self.attention_t = nn.MultiheadAttention(6, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(6)
        self.dense_h = nn.Linear(6, 12)
        self.dense_f = nn.Linear(12, 6)

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


def build_model() -> OverFrames:
    """Build the model, with random weights."""
    return OverFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 6)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
