"""PyTorch model late-fusion: many-to-one."""

import torch
from torch import Tensor, nn


class LateFusion(nn.Module):
    """Map 2 sequences and a vector to a vector.

                    Y           dense(6, softmax)
                    |
                    Q           dense(12, relu)
                    |
            +-------+---+---+
            |           |   |
        H-H-H   K-K-K-K-K   |
        | | |   | | | | |   |
        X X X   Z Z Z Z Z   S

        X = input(2, name=gyroscope)
        Z = input(3, name=accelerometer)
        S = input(4, name=person)
        H = gru(8)
        K = gru(10)

    Shapes, without the batch:
        input gyroscope: (3, 2) float32
        input accelerometer: (5, 3) float32
        input person: (4,) float32
        output y: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(2, 8, batch_first=True)
        self.gru_k = nn.GRU(3, 10, batch_first=True)
        self.dense_q = nn.Linear(22, 12)
        self.dense_y = nn.Linear(12, 6)

    def forward(
        self,
        gyroscope: Tensor,
        accelerometer: Tensor,
        person: Tensor,
    ) -> Tensor:
        _, gru_h_hidden = self.gru_h(gyroscope)
        _, gru_k_hidden = self.gru_k(accelerometer)
        joined = torch.cat((gru_h_hidden[-1], gru_k_hidden[-1], person), dim=-1)
        dense_q = torch.relu(self.dense_q(joined))
        return torch.softmax(self.dense_y(dense_q), dim=-1)


def build_model() -> LateFusion:
    """Build the model, with random weights."""
    return LateFusion()


if __name__ == "__main__":
    model = build_model()
    print(model)
    gyroscope = torch.randn(2, 3, 2)
    accelerometer = torch.randn(2, 5, 3)
    person = torch.randn(2, 4)
    with torch.no_grad():
        outputs = model(gyroscope, accelerometer, person)
    print("y", tuple(outputs.shape))
