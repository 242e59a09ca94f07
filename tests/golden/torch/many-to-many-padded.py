"""PyTorch model many-to-many-padded: many-to-many padded."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ManyToManyPadded(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              O O O
              | | |
        O O O O O O
        | | |
        O O O

    Shapes, without the batch:
        input x: (3, features) float32
        output y: (3, units)
    """

    def __init__(self, features: int = 1, units: int = 32) -> None:
        super().__init__()
        self.features = features
        self.lstm = nn.LSTM(features, units, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x, (0, 0, 0, 3))
        lstm, _ = self.lstm(padded)
        y: Tensor = lstm[:, -3:]
        return y


def build_model(features: int = 1, units: int = 32) -> ManyToManyPadded:
    """Build the model, with random weights."""
    return ManyToManyPadded(features=features, units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, model.features)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
