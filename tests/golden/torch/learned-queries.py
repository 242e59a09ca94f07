"""PyTorch model learned-queries: encoder-decoder, attention, variable length."""

import torch
from torch import Tensor, nn


class LearnedQueries(nn.Module):
    """Map a sequence ``x`` to a sequence ``b``.

                      B   B   B
                      |   |   |
                      C   C   C
                     /|  /|  /|
        +-+-----+---+-|-+-|-+ |
        | |     |     |   |   |
        X X ... X     Q   Q   Q

        X = input(6)
        Q = learned(8, name=queries)
        C = attention(heads=2)
        B = dense(4, sigmoid)

    Shapes, without the batch:
        input x: (None, 6) float32
        output b: (3, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.queries = nn.Embedding(3, 8)
        self.attention_c = nn.MultiheadAttention(8, 2, kdim=6, vdim=6, batch_first=True)
        self.dense_b = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        queries = self.queries.weight.expand(x.shape[0], -1, -1)
        attention_c, _ = self.attention_c(queries, x, x, need_weights=False)
        return torch.sigmoid(self.dense_b(attention_c))


def build_model() -> LearnedQueries:
    """Build the model, with random weights."""
    return LearnedQueries()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 6)
    with torch.no_grad():
        outputs = model(x)
    print("b", tuple(outputs.shape))
