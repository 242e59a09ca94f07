"""PyTorch model matrix-factorization: one-to-one."""

import torch
from torch import Tensor, nn


class MatrixFactorization(nn.Module):
    r"""Map tokens ``user`` and ``item`` to a vector ``y``.

          Y     dense(1)
          |
          M     multiply
         / \
        U   V
        |   |
        X   Z

        X = tokens(20, name=user)
        Z = tokens(25, name=item)
        U = embedding(8)
        V = embedding(8)

    Shapes, without the batch:
        input user: () int32
        input item: () int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_u = nn.Embedding(20, 8)
        self.embedding_v = nn.Embedding(25, 8)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, user: Tensor, item: Tensor) -> Tensor:
        embedding_u = self.embedding_u(user)
        embedding_v = self.embedding_v(item)
        multiply_m = embedding_u * embedding_v
        y: Tensor = self.dense_y(multiply_m)
        return y


def build_model() -> MatrixFactorization:
    """Build the model, with random weights."""
    return MatrixFactorization()


if __name__ == "__main__":
    model = build_model()
    print(model)
    user = torch.randint(20, (2,))
    item = torch.randint(25, (2,))
    with torch.no_grad():
        outputs = model(user, item)
    print("y", tuple(outputs.shape))
