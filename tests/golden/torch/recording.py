"""PyTorch model recording: many-to-one."""

import torch
from torch import Tensor, nn


class Recording(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

              V   dense(4, relu)
              |
        H H H H   lstm(5)
        | | | |
        X X X X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output v: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(3, 5, batch_first=True)
        self.dense_v = nn.Linear(5, 4)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        return torch.relu(self.dense_v(h_n[-1]))


def build_model() -> Recording:
    """Build the model, with random weights."""
    return Recording()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("v", tuple(outputs.shape))
