"""PyTorch model skeleton-actions: many-to-one."""

import torch
from torch import Tensor, nn


class SkeletonActions(nn.Module):
    """Map a sequence of grids ``joints`` to a vector ``y``.

                    Y   dense(4, softmax)
                    |
        H-H-H-H-H-H-H   gru(8)
        | | | | | | |
        F F F F F F F   flatten
        | | | | | | |
        J J J J J J J   dense(4, relu)
        | | | | | | |
        X X X X X X X   input(5, 3, name=joints)

    Shapes, without the batch:
        input joints: (7, 5, 3) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_j = nn.Linear(3, 4)
        self.gru_h = nn.GRU(20, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, joints: Tensor) -> Tensor:
        dense_j = torch.relu(self.dense_j(joints))
        flat_f = dense_j.flatten(-2)
        _, h_n = self.gru_h(flat_f)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> SkeletonActions:
    """Build the model, with random weights."""
    return SkeletonActions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    joints = torch.randn(2, 7, 5, 3)
    with torch.no_grad():
        outputs = model(joints)
    print("y", tuple(outputs.shape))
