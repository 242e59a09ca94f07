"""PyTorch model video-transformer-of-frames: many-to-one, residual, attention."""

import torch
from torch import Tensor, nn


class Features(nn.Module):
    """Map a grid ``x`` to a vector ``v``.

        V   dense(8)
        |
        M   mean(grid)
        |
        C   conv2d(4, 3, relu, stride=2)
        |
        X   input(6, 6, 3)

    Shapes, without the batch:
        input x: (3, 6, 6) float32
        output v: (8,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.dense_v = nn.Linear(4, 8)

    def forward(self, x: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(x))
        pooled_m = conv2d_c.mean(dim=(-2, -1))
        v: Tensor = self.dense_v(pooled_m)
        return v


class VideoTransformerOfFrames(nn.Module):
    r"""Map a sequence of grids ``frames`` to a vector ``y``.

                Y
                |
                L
                |
        +---+---+---+
        |   |   |   |
        B   B   B   B
        |\  |\  |\  |\
        | T | T | T | T
        |/  |/  |/  |/
        A   A   A   A
        |\  |\  |\  |\
        | P | P | P | P
        |   |   |   |
        F   F   F   F
        |   |   |   |
        X   X   X   X

        X = input(6, 6, 3, name=frames)
        F = features
        P = position(8)
        A = add
        T = attention(A, heads=2)
        B = add
        L = max
        Y = dense(3, softmax)

    Shapes, without the batch:
        input frames: (4, 3, 6, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.features_f = Features()
        self.position_p = nn.Embedding(4, 8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, frames: Tensor) -> Tensor:
        features_f = torch.unflatten(
            self.features_f(frames.flatten(0, 1)),
            0,
            frames.shape[:2],
        )
        position_p = self.position_p.weight.expand(frames.shape[0], -1, -1)
        add_a = features_f + position_p
        attention_t, _ = self.attention_t(add_a, add_a, add_a, need_weights=False)
        add_b = add_a + attention_t
        max_l = add_b.amax(dim=1)
        return torch.softmax(self.dense_y(max_l), dim=-1)


def build_model() -> VideoTransformerOfFrames:
    """Build the model, with random weights."""
    return VideoTransformerOfFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 4, 3, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
