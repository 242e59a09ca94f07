"""PyTorch model frame: one-to-one."""

import torch
from torch import Tensor, nn


class Frame(nn.Module):
    """Map a grid ``x`` to a vector ``d``.

        D   dense(6, relu)
        |
        F   flatten
        |
        P   maxpool2d(2)
        |
        C   conv2d(filters, 3, relu)
        |
        X   input(6, 6, 1)

        filters = 4

    Shapes, without the batch:
        input x: (1, 6, 6) float32
        output d: (6,)
    """

    def __init__(self, filters: int = 4) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, filters, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.dense_d = nn.Linear(9 * filters, 6)

    def forward(self, x: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(x))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = pooled_p.movedim(-3, -1).flatten(-3)
        return torch.relu(self.dense_d(flat_f))


def build_model(filters: int = 4) -> Frame:
    """Build the model, with random weights."""
    return Frame(filters=filters)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 1, 6, 6)
    with torch.no_grad():
        outputs = model(x)
    print("d", tuple(outputs.shape))
