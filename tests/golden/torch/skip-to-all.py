"""PyTorch model skip-to-all: many-to-many aligned, stacked 2."""

import torch
from torch import Tensor, nn


class SkipToAll(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

          Y     Y     Y     dense(5)
          |\    |\    |\
          G |   G |   G |   lstm(8)
         /|/   /|/   /|/
        | H   | H   | H     lstm(8)
        |/    |/    |/
        X     X     X       input(6)

    Shapes, without the batch:
        input x: (3, 6) float32
        output y: (3, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(6, 8, batch_first=True)
        self.lstm_g = nn.LSTM(14, 8, batch_first=True)
        self.dense_y = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        joined = torch.cat((x, lstm_h), dim=-1)
        lstm_g, _ = self.lstm_g(joined)
        joined_2 = torch.cat((lstm_g, lstm_h), dim=-1)
        y: Tensor = self.dense_y(joined_2)
        return y


def build_model() -> SkipToAll:
    """Build the model, with random weights."""
    return SkipToAll()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
