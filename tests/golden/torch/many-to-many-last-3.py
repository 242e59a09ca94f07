"""PyTorch model many-to-many-last-3: many-to-many last N."""

import torch
from torch import Tensor, nn


class ManyToManyLast3(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              O O O
              | | |
        O O O O O O
        | | | | | |
        O O O O O O

    Shapes, without the batch:
        input x: (6, features) float32
        output y: (3, units)
    """

    def __init__(self, features: int = 1, units: int = 32) -> None:
        super().__init__()
        self.features = features
        self.lstm = nn.LSTM(features, units, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        lstm, _ = self.lstm(x)
        y: Tensor = lstm[:, -3:]
        return y


def build_model(features: int = 1, units: int = 32) -> ManyToManyLast3:
    """Build the model, with random weights."""
    return ManyToManyLast3(features=features, units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, model.features)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
