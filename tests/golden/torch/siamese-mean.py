"""PyTorch model siamese-mean: many-to-one, shared weights."""

import torch
from torch import Tensor, nn


class SiameseMean(nn.Module):
    """Map sequences ``first`` and ``second`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
          +---+---+
          |       |
          |       D
          |       |
          D       M
          |       |
          M     +-+-+
          |     | | |
        +-+-+   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=first)
        Z = tokens(30, name=second)
        W = embedding(8)
        M = mean
        D = dense(16, relu)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.dense_d = nn.Linear(8, 16)
        self.dense_y = nn.Linear(32, 1)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        embedding_w_1 = self.embedding_w(first)
        embedding_w_2 = self.embedding_w(second)
        mean_m_1 = embedding_w_1.mean(dim=1)
        dense_d_1 = torch.relu(self.dense_d(mean_m_1))
        mean_m_2 = embedding_w_2.mean(dim=1)
        dense_d_2 = torch.relu(self.dense_d(mean_m_2))
        joined = torch.cat((dense_d_1, dense_d_2), dim=-1)
        return torch.sigmoid(self.dense_y(joined))


def build_model() -> SiameseMean:
    """Build the model, with random weights."""
    return SiameseMean()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randint(30, (2, 3))
    second = torch.randint(30, (2, 3))
    with torch.no_grad():
        outputs = model(first, second)
    print("y", tuple(outputs.shape))
