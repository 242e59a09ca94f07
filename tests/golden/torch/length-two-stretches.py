"""PyTorch model length-two-stretches: many-to-one."""

import torch
from torch import Tensor, nn


class LengthTwoStretches(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                  Y           dense(3, softmax)
                  |
        +---------+-------+
        |                 |
        H H ..n.. H H H H H   gru(8)
        | |       | | | | |
        X X ..n.. X X X X X   input(4)

        n = 9

    Shapes, without the batch:
        input x: (n, 4) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(4, 8, batch_first=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, h_n = self.gru_h(x)
        joined = torch.cat((gru_h[:, 0], h_n[-1]), dim=-1)
        return torch.softmax(self.dense_y(joined), dim=-1)


def build_model() -> LengthTwoStretches:
    """Build the model, with random weights."""
    return LengthTwoStretches()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 9, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
