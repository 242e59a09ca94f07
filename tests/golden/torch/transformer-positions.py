"""PyTorch model transformer-positions: many-to-one, residual, attention, variable length."""

import torch
from torch import Tensor, nn


class TransformerPositions(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

              Y           dense(2, softmax)
              |
              G           mean
              |
        +---+-+-----+
        |   |       |
        N   N   ... N     layernorm(epsilon=1e-06)
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        E   E   ... E     add
        |\  |\      |\
        W | W | ... W |   embedding(16)
        | P | P ... | P   position(16, most=200)
        |   |       |
        X   X   ... X     tokens(1000)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = nn.Embedding(200, 16)
        self.embedding_w = nn.Embedding(1000, 16)
        self.attention_t = nn.MultiheadAttention(16, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(16, eps=1e-6)
        self.dense_y = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        position_p = self.position_p(
            torch.arange(x.shape[1], device=x.device),
        ).expand(x.shape[0], -1, -1)
        embedding_w = self.embedding_w(x)
        add_e = embedding_w + position_p
        attention_t, _ = self.attention_t(add_e, add_e, add_e, need_weights=False)
        add_a = attention_t + add_e
        layernorm_n = self.layernorm_n(add_a)
        mean_g = layernorm_n.mean(dim=1)
        return torch.softmax(self.dense_y(mean_g), dim=-1)


def build_model() -> TransformerPositions:
    """Build the model, with random weights."""
    return TransformerPositions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(1000, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
