"""PyTorch model inputs-along-features: many-to-one."""

import torch
from torch import Tensor, nn


class InputsAlongFeatures(nn.Module):
    """Map sequences ``weather`` and ``load`` to a vector ``y``.

                  Y   dense(1)
                  |
          H---H---H   gru(8)
         /|  /|  /|
        Z | Z | Z |   input(2, name=weather)
          |   |   |
          X   X   X   input(4, name=load)

    Shapes, without the batch:
        input weather: (3, 2) float32
        input load: (3, 4) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(6, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, weather: Tensor, load: Tensor) -> Tensor:
        joined = torch.cat((weather, load), dim=-1)
        _, h_n = self.gru_h(joined)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> InputsAlongFeatures:
    """Build the model, with random weights."""
    return InputsAlongFeatures()


if __name__ == "__main__":
    model = build_model()
    print(model)
    weather = torch.randn(2, 3, 2)
    load = torch.randn(2, 3, 4)
    with torch.no_grad():
        outputs = model(weather, load)
    print("y", tuple(outputs.shape))
