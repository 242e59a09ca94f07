"""PyTorch model rnn-elman: many-to-one."""

import torch
from torch import Tensor, nn


class RnnElman(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(1, sigmoid)
                |
        H-H-H-H-H   rnn(12, relu, bias=false)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn_h = nn.RNN(2, 12, nonlinearity="relu", bias=False, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, h_n = self.rnn_h(x)
        return torch.sigmoid(self.dense_y(h_n[-1]))


def build_model() -> RnnElman:
    """Build the model, with random weights."""
    return RnnElman()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
