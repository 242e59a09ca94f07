"""PyTorch model image-patches-class-token: many-to-one, residual, attention."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ImagePatchesClassToken(nn.Module):
    r"""Map a sequence ``patches`` to a vector ``y``.

        Y                     dense(3, softmax)
        |
        L                     layernorm
        |
        B   B   B   B   B     add
        |\  |\  |\  |\  |\
        G | G | G | G | G |   dense(8)
        | | | | | | | | | |
        F | F | F | F | F |   dense(12, gelu)
        | | | | | | | | | |
        M | M | M | M | M |   layernorm
        |/  |/  |/  |/  |/
        A   A   A   A   A     add
        |\  |\  |\  |\  |\
        T | T | T | T | T |   attention(heads=2)
        | | | | | | | | | |
        +-|-+-|-+-|-+-|-+ |
        | | | | | | | | | |
        N | N | N | N | N |   layernorm
        |/  |/  |/  |/  |/
        E   E   E   E   E     add
        |\  |\  |\  |\  |\
        | P | P | P | P | P   position(8)
        |   |   |   |   |
        |   W   W   W   W     dense(8)
        |   |   |   |   |
        S   X   X   X   X

        S = learned(8, name=whole)
        X = input(12, name=patches)

    Shapes, without the batch:
        input patches: (4, 12) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.whole = nn.Embedding(1, 8)
        self.dense_w = nn.Linear(12, 8)
        self.position_p = nn.Embedding(5, 8)
        self.layernorm_n = nn.LayerNorm(8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(8)
        self.dense_f = nn.Linear(8, 12)
        self.dense_g = nn.Linear(12, 8)
        self.layernorm_l = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, patches: Tensor) -> Tensor:
        whole = self.whole.weight.expand(patches.shape[0], -1)
        dense_w = self.dense_w(patches)
        position_p = self.position_p.weight.expand(patches.shape[0], -1, -1)
        joined = torch.cat((whole.unsqueeze(1), dense_w), dim=1)
        add_e = joined + position_p
        layernorm_n = self.layernorm_n(add_e)
        attention_t, _ = self.attention_t(
            layernorm_n,
            layernorm_n,
            layernorm_n,
            need_weights=False,
        )
        add_a = attention_t + add_e
        layernorm_m = self.layernorm_m(add_a)
        dense_f = F.gelu(self.dense_f(layernorm_m))
        dense_g = self.dense_g(dense_f)
        add_b = dense_g + add_a
        layernorm_l = self.layernorm_l(add_b[:, 0])
        return torch.softmax(self.dense_y(layernorm_l), dim=-1)


def build_model() -> ImagePatchesClassToken:
    """Build the model, with random weights."""
    return ImagePatchesClassToken()


if __name__ == "__main__":
    model = build_model()
    print(model)
    patches = torch.randn(2, 4, 12)
    with torch.no_grad():
        outputs = model(patches)
    print("y", tuple(outputs.shape))
