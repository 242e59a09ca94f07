"""PyTorch model span-ends: many-to-one, bidirectional."""

import torch
from torch import Tensor, nn


class SpanEnds(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

              Y       dense(5, softmax)
              |
          +---+-+
          |     |
        H=H=H=H=H=H   lstm(8)
        | | | | | |
        X X X X X X   input(7)

    Shapes, without the batch:
        input x: (6, 7) float32
        output y: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(7, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(32, 5)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        return torch.softmax(self.dense_y(lstm_h[:, 1::3].flatten(1)), dim=-1)


def build_model() -> SpanEnds:
    """Build the model, with random weights."""
    return SpanEnds()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 7)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
