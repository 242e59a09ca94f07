"""PyTorch model transformer-classifier: many-to-one, residual, attention."""

import torch
from torch import Tensor, nn


class TransformerClassifier(nn.Module):
    r"""Map a sequence ``i`` to a vector ``y``.

              Y           dense(3, softmax)
              |
              P           mean
              |
        +---+-+-+---+
        |   |   |   |
        N   N   N   N     layernorm
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     dense(8)
        |   |   |   |
        I   I   I   I     input(1)

    Shapes, without the batch:
        input i: (4, 1) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_x = nn.Linear(1, 8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, i: Tensor) -> Tensor:
        dense_x = self.dense_x(i)
        attention_t, _ = self.attention_t(dense_x, dense_x, dense_x, need_weights=False)
        add_a = attention_t + dense_x
        layernorm_n = self.layernorm_n(add_a)
        mean_p = layernorm_n.mean(dim=1)
        return torch.softmax(self.dense_y(mean_p), dim=-1)


def build_model() -> TransformerClassifier:
    """Build the model, with random weights."""
    return TransformerClassifier()


if __name__ == "__main__":
    model = build_model()
    print(model)
    i = torch.randn(2, 4, 1)
    with torch.no_grad():
        outputs = model(i)
    print("y", tuple(outputs.shape))
