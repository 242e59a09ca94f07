"""PyTorch model padded-text-transformer: many-to-one, masked."""

import torch
from torch import Tensor, nn


def some_valid(mask: Tensor) -> Tensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return mask | ~mask.any(dim=1, keepdim=True)


class EncoderBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N
        |   |       |
        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        |/  |/      |/
        M   M   ... M
        |   |       |
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        |/  |/      |/
        X   X   ... X

        X = input(width)
        T = attention(X, heads=heads)
        A = add
        M = layernorm
        H = dense(inner, relu)
        F = dense(width)
        B = add
        N = layernorm
        width = 8
        heads = 2
        inner = 16

    Shapes, without the batch:
        input x: (None, width) float32
        input mask: (None,) bool, true at valid steps of x
        output n: (None, width)
    """

    def __init__(self, width: int = 8, heads: int = 2, inner: int = 16) -> None:
        super().__init__()
        self.width = width
        self.attention_t = nn.MultiheadAttention(width, heads, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_h = nn.Linear(width, inner)
        self.dense_f = nn.Linear(inner, width)
        self.layernorm_n = nn.LayerNorm(width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(
            x,
            x,
            x,
            need_weights=False,
            key_padding_mask=~some_valid(mask),
        )
        attention_t = attention_t.masked_fill(~mask.any(dim=1)[:, None, None], 0)
        attention_t = attention_t.masked_fill(~mask[..., None], 0)
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        layernorm_m = layernorm_m.masked_fill(~mask[..., None], 0)
        dense_h = torch.relu(self.dense_h(layernorm_m))
        dense_h = dense_h.masked_fill(~mask[..., None], 0)
        dense_f = self.dense_f(dense_h)
        dense_f = dense_f.masked_fill(~mask[..., None], 0)
        add_b = layernorm_m + dense_f
        n: Tensor
        n = self.layernorm_n(add_b)
        n = n.masked_fill(~mask[..., None], 0)
        return n


class PaddedTextTransformer(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

              Y
              |
              H
              |
              P
              |
        +---+-+-------+
        |   |         |
        S   S   ..n.. S
        |   |         |
        R   R   ..n.. R
        |   |         |
        E   E   ..n.. E
        |\  |\        |\
        | C | C ..n.. | C
        |   |         |
        W   W   ..n.. W
        |   |         |
        X   X   ..n.. X

        X = tokens(60)
        W = embedding(6, mask=true)
        C = position(6)
        E = add
        R = encoder_block(width=6, inner=10)
        S = encoder_block(width=6, inner=10)
        P = mean
        H = dense(7, relu)
        Y = dense(2, softmax)
        n = 5

    Shapes, without the batch:
        input x: (n,) int32
        output y: (2,)
    """

    def __init__(self, n: int = 5) -> None:
        super().__init__()
        self.n = n
        self.embedding_w = nn.Embedding(60, 6)
        self.position_c = nn.Embedding(n, 6)
        self.encoder_block_r = EncoderBlock(width=6, inner=10)
        self.encoder_block_s = EncoderBlock(width=6, inner=10)
        self.dense_h = nn.Linear(6, 7)
        self.dense_y = nn.Linear(7, 2)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        embedding_w = embedding_w.masked_fill(~mask[..., None], 0)
        position_c = self.position_c.weight.expand(x.shape[0], -1, -1)
        add_e = embedding_w + position_c
        add_e = add_e.masked_fill(~mask[..., None], 0)
        encoder_block_r = self.encoder_block_r(add_e, mask)
        encoder_block_s = self.encoder_block_s(encoder_block_r, mask)
        mean_p = encoder_block_s.sum(dim=1) / mask.sum(dim=1, keepdim=True).clamp(min=1)
        dense_h = torch.relu(self.dense_h(mean_p))
        return torch.softmax(self.dense_y(dense_h), dim=-1)


def build_model(n: int = 5) -> PaddedTextTransformer:
    """Build the model, with random weights."""
    return PaddedTextTransformer(n=n)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(60, (2, model.n))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
