"""PyTorch model temporal-relation: many-to-one."""

import torch
from torch import Tensor, nn


class Relation(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

          V   dense(5, relu)
          |
        +-+
        | |
        X X   input(4)

    Shapes, without the batch:
        input x: (2, 4) float32
        output v: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_v = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.dense_v(x.flatten(1)))


class TemporalRelation(nn.Module):
    r"""Map a sequence of grids ``frames`` to a vector ``y``.

            Y       dense(3, softmax)
            |
            A       add
            |
          +-+-+
          |   |
          R   R     relation
         / \ / \
        M   M   M   mean(grid)
        |   |   |
        C   C   C   conv2d(4, 3, relu)
        |   |   |
        X   X   X   input(6, 6, 3, name=frames)

    Shapes, without the batch:
        input frames: (3, 3, 6, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.relation_r = Relation()
        self.dense_y = nn.Linear(5, 3)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_m = torch.unflatten(conv2d_c.mean(dim=(-2, -1)), 0, frames.shape[:2])
        joined = torch.cat(
            (pooled_m[:, 0].unsqueeze(1), pooled_m[:, 1].unsqueeze(1)),
            dim=1,
        )
        relation_r_1 = self.relation_r(joined)
        joined_2 = torch.cat(
            (pooled_m[:, 1].unsqueeze(1), pooled_m[:, -1].unsqueeze(1)),
            dim=1,
        )
        relation_r_2 = self.relation_r(joined_2)
        add_a = relation_r_1 + relation_r_2
        return torch.softmax(self.dense_y(add_a), dim=-1)


def build_model() -> TemporalRelation:
    """Build the model, with random weights."""
    return TemporalRelation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 3, 3, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
