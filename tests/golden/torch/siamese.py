"""PyTorch model siamese: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class Siamese(nn.Module):
    """The model.

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
        joined = torch.cat((x, z), dim=1)
        # The 2 chains run as one batch.
        chains = joined.reshape(-1, 3, 8)
        _, (lstm_l_h, _) = self.lstm_l(chains)
        lstm_l_final = lstm_l_h[-1].reshape(-1, 2, 16)
        return torch.sigmoid(self.dense_y(lstm_l_final.flatten(1)))


def build_model() -> Siamese:
    """Build the model."""
    return Siamese()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 8)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
