"""PyTorch model line: many-to-one."""

import torch
from torch import Tensor, nn


class Line(nn.Module):
    """Map a sequence ``x`` to a vector ``s``.

                S   dense(4, tanh)
                |
        H H H H H   gru(6)
        | | | | |
        W W W W W   embedding(5)
        | | | | |
        X X X X X   tokens(40)

    Shapes, without the batch:
        input x: (5,) int32
        output s: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 5)
        self.gru_h = nn.GRU(5, 6, batch_first=True)
        self.dense_s = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        _, h_n = self.gru_h(embedding_w)
        return torch.tanh(self.dense_s(h_n[-1]))


def build_model() -> Line:
    """Build the model, with random weights."""
    return Line()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(40, (2, 5))
    with torch.no_grad():
        outputs = model(x)
    print("s", tuple(outputs.shape))
