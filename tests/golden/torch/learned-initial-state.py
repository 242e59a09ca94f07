"""PyTorch model learned-initial-state: many-to-one, variable length."""

import torch
from torch import Tensor, nn


class LearnedInitialState(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                  Y   dense(1)
                  |
        +-H-H-...-H   lstm(8)
        | | |     |
        S X X ... X

        S = learned(8, name=start)
        X = input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Embedding(1, 8)
        self.lstm_h = nn.LSTM(3, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        start = self.start.weight.expand(x.shape[0], -1)
        lstm_h_start = start.unsqueeze(0)
        _, (h_n, _) = self.lstm_h(x, (lstm_h_start, lstm_h_start))
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LearnedInitialState:
    """Build the model, with random weights."""
    return LearnedInitialState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
