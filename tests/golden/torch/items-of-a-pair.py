"""PyTorch model items-of-a-pair: one-to-one."""

import torch
from torch import Tensor, nn


class Item(nn.Module):
    """Map a vector ``x`` to a vector ``v``.

        V   dense(4, tanh)
        |
        D   dense(8, relu)
        |
        X   input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output v: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_d = nn.Linear(6, 8)
        self.dense_v = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        dense_d = torch.relu(self.dense_d(x))
        return torch.tanh(self.dense_v(dense_d))


class ItemsOfAPair(nn.Module):
    """Map vectors ``user`` and ``item`` to a vector ``y``.

          Y
          |
        +-+-+
        |   |
        T   T
        |   |
        X   Z

        X = input(6, name=user)
        Z = input(6, name=item)
        T = item
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input user: (6,) float32
        input item: (6,) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.item_t = Item()
        self.dense_y = nn.Linear(8, 1)

    def forward(self, user: Tensor, item: Tensor) -> Tensor:
        joined = torch.cat((user.unsqueeze(1), item.unsqueeze(1)), dim=1)
        item_t = torch.unflatten(self.item_t(joined.flatten(0, 1)), 0, joined.shape[:2])
        return torch.sigmoid(self.dense_y(item_t.flatten(1)))


def build_model() -> ItemsOfAPair:
    """Build the model, with random weights."""
    return ItemsOfAPair()


if __name__ == "__main__":
    model = build_model()
    print(model)
    user = torch.randn(2, 6)
    item = torch.randn(2, 6)
    with torch.no_grad():
        outputs = model(user, item)
    print("y", tuple(outputs.shape))
