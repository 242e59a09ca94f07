"""PyTorch model transformer-adapter: many-to-many aligned, residual, attention."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TransformerAdapter(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   N   N     layernorm(epsilon=1e-06)
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        U | U | U | U |   dense(features)
        | | | | | | | |
        D | D | D | D |   dense(features // reduction, gelu)
        |/  |/  |/  |/
        M   M   M   M     layernorm(epsilon=1e-06)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=heads)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     input(features)

        features = 8
        heads = 2
        reduction = 4

    Shapes, without the batch:
        input x: (4, features) float32
        output n: (4, features)
    """

    def __init__(self, features: int = 8, heads: int = 2, reduction: int = 4) -> None:
        super().__init__()
        self.features = features
        self.attention_t = nn.MultiheadAttention(features, heads, batch_first=True)
        self.layernorm_m = nn.LayerNorm(features, eps=1e-6)
        self.dense_d = nn.Linear(features, features // reduction)
        self.dense_u = nn.Linear(features // reduction, features)
        self.layernorm_n = nn.LayerNorm(features, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(x, x, x, need_weights=False)
        add_a = attention_t + x
        layernorm_m = self.layernorm_m(add_a)
        dense_d = F.gelu(self.dense_d(layernorm_m))
        dense_u = self.dense_u(dense_d)
        add_b = dense_u + layernorm_m
        n: Tensor = self.layernorm_n(add_b)
        return n


def build_model(
    features: int = 8,
    heads: int = 2,
    reduction: int = 4,
) -> TransformerAdapter:
    """Build the model, with random weights."""
    return TransformerAdapter(features=features, heads=heads, reduction=reduction)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, model.features)
    with torch.no_grad():
        outputs = model(x)
    print("n", tuple(outputs.shape))
