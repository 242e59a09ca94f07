"""PyTorch model pyramidal-free-length: graph, bidirectional, variable length."""

import torch
from torch import Tensor, nn


class PyramidalFreeLength(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

          Y   ...   Y     dense(10, softmax)
          |         |
          P===...===P     gru(8)
         / \       / \
        X   X ... X   X   input(6)

    Shapes, without the batch:
        input x: (None, 6) float32
        output y: (None, 10)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_p = nn.GRU(12, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 10)

    def forward(self, x: Tensor) -> Tensor:
        joined = torch.cat((x[:, ::2], x[:, 1::2]), dim=-1)
        gru_p, _ = self.gru_p(joined)
        return torch.softmax(self.dense_y(gru_p), dim=-1)


def build_model() -> PyramidalFreeLength:
    """Build the model, with random weights."""
    return PyramidalFreeLength()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 10, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
