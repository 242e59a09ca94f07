"""PyTorch model siamese: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class Siamese(nn.Module):
    """Map sequences ``x`` and ``z`` to a vector ``y``.

                  Y
                  |
            +-----+-----+
            |           |
        L-L-L       L-L-L
        | | |       | | |
        X X X       Z Z Z

        X = input(8)
        Z = input(8)
        L = lstm(16)
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 8) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_l = nn.LSTM(8, 16, batch_first=True)
        self.dense_y = nn.Linear(32, 1)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        _, (lstm_l_1_hidden, _) = self.lstm_l(x)
        _, (lstm_l_2_hidden, _) = self.lstm_l(z)
        joined = torch.cat((lstm_l_1_hidden[-1], lstm_l_2_hidden[-1]), dim=-1)
        return torch.sigmoid(self.dense_y(joined))


def build_model() -> Siamese:
    """Build the model, with random weights."""
    return Siamese()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
