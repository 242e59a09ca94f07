"""PyTorch model series-and-table: many-to-one."""

import torch
from torch import Tensor, nn


class SeriesAndTable(nn.Module):
    """Map a sequence and a vector to a vector.

                Y     dense(1)
                |
                Q     dense(10, relu)
                |
              +-+-+
              |   |
        H-H-H-H   F
        | | | |   |
        X X X X   S

        X = input(3, name=series)
        S = input(5, name=table)
        H = gru(8)
        F = dense(6, relu)

    Shapes, without the batch:
        input series: (4, 3) float32
        input table: (5,) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 8, batch_first=True)
        self.dense_f = nn.Linear(5, 6)
        self.dense_q = nn.Linear(14, 10)
        self.dense_y = nn.Linear(10, 1)

    def forward(self, series: Tensor, table: Tensor) -> Tensor:
        _, h_n = self.gru_h(series)
        dense_f = torch.relu(self.dense_f(table))
        joined = torch.cat((h_n[-1], dense_f), dim=-1)
        dense_q = torch.relu(self.dense_q(joined))
        y: Tensor = self.dense_y(dense_q)
        return y


def build_model() -> SeriesAndTable:
    """Build the model, with random weights."""
    return SeriesAndTable()


if __name__ == "__main__":
    model = build_model()
    print(model)
    series = torch.randn(2, 4, 3)
    table = torch.randn(2, 5)
    with torch.no_grad():
        outputs = model(series, table)
    print("y", tuple(outputs.shape))
