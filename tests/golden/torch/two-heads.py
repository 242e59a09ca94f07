"""PyTorch model two-heads: graph."""

import torch
from torch import Tensor, nn


class TwoHeads(nn.Module):
    """Map a sequence to a sequence and a vector.

                    Z
                    |
        Y Y Y Y Y   |
        | | | | |   |
        H-H-H-H-H---+
        | | | | |
        X X X X X

        X = input(8)
        H = gru(16)
        Y = dense(4, softmax)
        Z = dense(2, softmax)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (5, 4)
        output z: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 4)
        self.dense_z = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        gru_h, h_n = self.gru_h(x)
        y = torch.softmax(self.dense_y(gru_h), dim=-1)
        z = torch.softmax(self.dense_z(h_n[-1]), dim=-1)
        return y, z


def build_model() -> TwoHeads:
    """Build the model, with random weights."""
    return TwoHeads()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "z"], outputs, strict=True):
        print(name, tuple(output.shape))
