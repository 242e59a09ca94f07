"""PyTorch model two-towers: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class Tower(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

                V
                |
        H H ... H   lstm(16)
        | |     |
        W W ... W   embedding(8)
        | |     |
        X X ... X   tokens(100)

    Shapes, without the batch:
        input x: (None,) int32
        output v: (16,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(100, 8)
        self.lstm_h = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        _, (h_n, _) = self.lstm_h(embedding_w)
        v: Tensor = h_n[-1]
        return v


class TwoTowers(nn.Module):
    """Map sequences ``first`` and ``second`` to a vector ``y``.

                Y
                |
            +---+---+
            |       |
            T       T
            |       |
        +-+-+   +-+-+
        | | |   | | |
        X X X   Z Z Z

        X = tokens(100, name=first)
        Z = tokens(100, name=second)
        T = tower
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.tower_t = Tower()
        self.dense_y = nn.Linear(32, 1)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        tower_t_1 = self.tower_t(first)
        tower_t_2 = self.tower_t(second)
        joined = torch.cat((tower_t_1, tower_t_2), dim=-1)
        return torch.sigmoid(self.dense_y(joined))


def build_model() -> TwoTowers:
    """Build the model, with random weights."""
    return TwoTowers()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randint(100, (2, 3))
    second = torch.randint(100, (2, 3))
    with torch.no_grad():
        outputs = model(first, second)
    print("y", tuple(outputs.shape))
