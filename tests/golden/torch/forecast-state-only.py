"""PyTorch model forecast-state-only: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class ForecastStateOnly(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                  Y Y Y   dense(1)
                  | | |
        E-E-E-E---D-D-D
        | | | |
        X X X X

        X = input(3)
        E = gru(12)
        D = gru(12)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_e = nn.GRU(3, 12, batch_first=True)
        self.gru_d = nn.GRU(1, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, gru_e_state = self.gru_e(x)
        zeros = x.new_zeros(x.shape[0], 3, 1)
        gru_d, _ = self.gru_d(zeros, gru_e_state)
        y: Tensor = self.dense_y(gru_d)
        return y


def build_model() -> ForecastStateOnly:
    """Build the model, with random weights."""
    return ForecastStateOnly()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
