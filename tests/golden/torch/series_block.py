"""PyTorch model series_block: many-to-many aligned, residual, convolutional, attention, variable length."""

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


def build_model() -> SeriesBlock:
    """Build the model, with random weights."""
    return SeriesBlock()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 4)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
