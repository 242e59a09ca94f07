"""PyTorch model length-front: graph, variable length."""

import torch
from torch import Tensor, nn


class LengthFront(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y         dense(4, softmax)
        | |
        H-H-H-...   gru(8)
        | | |
        X X X ...   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (2, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        return torch.softmax(self.dense_y(gru_h[:, :2]), dim=-1)


def build_model() -> LengthFront:
    """Build the model, with random weights."""
    return LengthFront()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
