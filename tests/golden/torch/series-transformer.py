"""PyTorch model series-transformer: many-to-one, variable length."""

import torch
from torch import Tensor, nn


class SeriesBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``b``.

        B   B   ... B     add
        |\  |\      |\
        L | L | ... L |   layernorm(epsilon=1e-06)
        | | | |     | |
        F | F | ... F |   conv(4, 1)
        | | | |     | |
        E | E | ... E |   conv(6, 1, relu)
        |/  |/      |/
        A   A   ... A     add
        |\  |\      |\
        N | N | ... N |
        | | | |     | |
        T | T | ... T |
        |/  |/      |/
        X   X   ... X

        X = input(4)
        T = attention(X, heads=2)
        N = layernorm(epsilon=1e-06)

    Shapes, without the batch:
        input x: (None, 4) float32
        output b: (None, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_t = nn.MultiheadAttention(4, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(4, eps=1e-6)
        self.conv_e = nn.Conv1d(4, 6, 1)
        self.conv_f = nn.Conv1d(6, 4, 1)
        self.layernorm_l = nn.LayerNorm(4, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(x, x, x, need_weights=False)
        layernorm_n = self.layernorm_n(attention_t)
        add_a = layernorm_n + x
        conv_e = torch.relu(self.conv_e(add_a.transpose(1, 2)))
        conv_f = self.conv_f(conv_e).transpose(1, 2)
        layernorm_l = self.layernorm_l(conv_f)
        b: Tensor = layernorm_l + add_a
        return b


class SeriesTransformer(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y
                |
                D
                |
                M
                |
        +-+-----+
        | |     |
        S S ... S
        | |     |
        R R ... R
        | |     |
        W W ... W
        | |     |
        X X ... X

        X = input(1)
        W = dense(4)
        R = series_block
        S = series_block
        M = mean
        D = dense(5, relu)
        Y = dense(2, softmax)

    Shapes, without the batch:
        input x: (None, 1) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_w = nn.Linear(1, 4)
        self.series_block_r = SeriesBlock()
        self.series_block_s = SeriesBlock()
        self.dense_d = nn.Linear(4, 5)
        self.dense_y = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        dense_w = self.dense_w(x)
        series_block_r = self.series_block_r(dense_w)
        series_block_s = self.series_block_s(series_block_r)
        mean_m = series_block_s.mean(dim=1)
        dense_d = torch.relu(self.dense_d(mean_m))
        return torch.softmax(self.dense_y(dense_d), dim=-1)


def build_model() -> SeriesTransformer:
    """Build the model, with random weights."""
    return SeriesTransformer()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 1)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
