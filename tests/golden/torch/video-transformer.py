"""PyTorch model video-transformer: many-to-one."""

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


class VideoTransformer(nn.Module):
    r"""Map a sequence of grids ``frames`` to a vector ``y``.

                    Y
                    |
                    M
                    |
        +---+---+---+
        |   |   |   |
        S   S   S   S
        |   |   |   |
        R   R   R   R
        |   |   |   |
        A   A   A   A
        |\  |\  |\  |\
        | P | P | P | P
        |   |   |   |
        G   G   G   G
        |   |   |   |
        C   C   C   C
        |   |   |   |
        X   X   X   X

        X = input(8, 8, 3, name=frames)
        C = conv2d(6, 2, stride=2, padding=valid, name=patches)
        G = mean(grid)
        P = position(6)
        A = add
        R = over_frames
        S = over_frames
        M = mean
        Y = dense(5, softmax)

    Shapes, without the batch:
        input frames: (4, 3, 8, 8) float32
        output y: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 6, 2, stride=2)
        self.position_p = nn.Embedding(4, 6)
        self.over_frames_r = OverFrames()
        self.over_frames_s = OverFrames()
        self.dense_y = nn.Linear(6, 5)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1)
        patches = self.patches(folded)
        pooled_g = torch.unflatten(patches.mean(dim=(-2, -1)), 0, frames.shape[:2])
        position_p = self.position_p.weight.expand(frames.shape[0], -1, -1)
        add_a = pooled_g + position_p
        over_frames_r = self.over_frames_r(add_a)
        over_frames_s = self.over_frames_s(over_frames_r)
        mean_m = over_frames_s.mean(dim=1)
        return torch.softmax(self.dense_y(mean_m), dim=-1)


def build_model() -> VideoTransformer:
    """Build the model, with random weights."""
    return VideoTransformer()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 4, 3, 8, 8)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
