"""PyTorch model state-to-the-next-model: many-to-one, stateful."""

import torch
from torch import Tensor, nn


class StateToTheNextModel(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y     dense(2)
            |
        H-H-H-*   lstm(6)
        | | |
        X X X     input(4)

    Shapes, without the batch:
        input x: (3, 4) float32
        output y: (2,)
        state h_state_h: (6,), a result
        state h_state_c: (6,), a result

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(4, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        _, (h_n, c_n) = self.lstm_h(x)
        y = self.dense_y(h_n[-1])
        return y, h_n[0], c_n[0]


def build_model() -> StateToTheNextModel:
    """Build the model, with random weights."""
    return StateToTheNextModel()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 4)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "h_state_h", "h_state_c"], outputs, strict=True):
        print(name, tuple(output.shape))
