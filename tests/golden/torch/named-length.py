"""PyTorch model named-length: many-to-one."""

import torch
from torch import Tensor, nn


class NamedLength(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                    O   dense(1, sigmoid)
                    |
        H H ..n.. H H
        | |       | |
        X X ..n.. X X

        X = input(4)
        H = lstm(12)
        n = 100

    Shapes, without the batch:
        input x: (n, 4) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(4, 12, batch_first=True)
        self.dense = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        return torch.sigmoid(self.dense(h_n[-1]))


def build_model() -> NamedLength:
    """Build the model, with random weights."""
    return NamedLength()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 100, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
