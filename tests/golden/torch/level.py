"""PyTorch model level: many-to-many aligned, convolutional, variable length."""

import torch
from torch import Tensor, nn


class Level(nn.Module):
    """Map a sequence ``x`` to a sequence ``d``.

        D ... D   conv(filters, 3, relu)
        |     |
        C ... C   conv(filters, 3, relu)
        |     |
        X ... X   input(filters)

        filters = 4

    Shapes, without the batch:
        input x: (None, filters) float32
        output d: (None, filters)
    """

    def __init__(self, filters: int = 4) -> None:
        super().__init__()
        self.filters = filters
        self.conv_c = nn.Conv1d(filters, filters, 3, padding=1)
        self.conv_d = nn.Conv1d(filters, filters, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        conv_c = torch.relu(self.conv_c(x.transpose(1, 2)))
        return torch.relu(self.conv_d(conv_c)).transpose(1, 2)


def build_model(filters: int = 4) -> Level:
    """Build the model, with random weights."""
    return Level(filters=filters)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, model.filters)
    with torch.no_grad():
        outputs = model(x)
    print("d", tuple(outputs.shape))
