"""PyTorch model forecast-two-fed-back: many-to-many aligned, feedback."""

import torch
from torch import Tensor, nn


class ForecastTwoFedBack(nn.Module):
    r"""Map a sequence ``x`` to sequences ``y`` and ``z``.

            Z     Z     Z     Z
            |     |     |     |
          Y |   Y |   Y |   Y |
          |/    |/    |/    |/
          H     H     H     H
         /|\   /|\   /|\   /|\
        y z X y z X y z X y z X

        X = input(3)
        H = dense(8, tanh)
        Y = dense(1)
        Z = dense(2)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 1)
        output z: (4, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_h = nn.Linear(6, 8)
        self.dense_y = nn.Linear(8, 1)
        self.dense_z = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = x.new_zeros(x.shape[0], 1)
        z = x.new_zeros(x.shape[0], 2)
        y_steps = []
        z_steps = []
        x_steps = x.unbind(1)
        for step in range(4):
            joined = torch.cat((y, z, x_steps[step]), dim=-1)
            dense_h = torch.tanh(self.dense_h(joined))
            y = self.dense_y(dense_h)
            z = self.dense_z(dense_h)
            y_steps.append(y)
            z_steps.append(z)
        y = torch.stack(y_steps, dim=1)
        z = torch.stack(z_steps, dim=1)
        return y, z


def build_model() -> ForecastTwoFedBack:
    """Build the model, with random weights."""
    return ForecastTwoFedBack()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "z"], outputs, strict=True):
        print(name, tuple(output.shape))
