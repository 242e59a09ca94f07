"""PyTorch model forecast-jordan: many-to-many aligned, feedback."""

import torch
from torch import Tensor, nn


class ForecastJordan(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y   Y   Y   Y   dense(2, sigmoid)
          |   |   |   |
          H   H   H   H   dense(5, tanh)
         /|  /|  /|  /|
        y X y X y X y X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_h = nn.Linear(5, 5)
        self.dense_y = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        y = x.new_zeros(x.shape[0], 2)
        y_steps = []
        x_steps = x.unbind(1)
        for step in range(4):
            joined = torch.cat((y, x_steps[step]), dim=-1)
            dense_h = torch.tanh(self.dense_h(joined))
            y = torch.sigmoid(self.dense_y(dense_h))
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> ForecastJordan:
    """Build the model, with random weights."""
    return ForecastJordan()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
