"""PyTorch model conv-drawn-stride: many-to-one, convolutional."""

import torch
from torch import Tensor, nn


class ConvDrawnStride(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                      Y   dense(1)
                      |
          H---H---H---H   gru(10)
          |   |   |   |
          F   F   F   F   dense(6, relu)
         /|  /|  /|  /|
        X X X X X X X X   input(3)

    Shapes, without the batch:
        input x: (8, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(3, 6, 2, stride=2)
        self.gru_h = nn.GRU(6, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 1)

    def forward(self, x: Tensor) -> Tensor:
        conv_f = torch.relu(self.conv_f(x.transpose(1, 2))).transpose(1, 2)
        _, h_n = self.gru_h(conv_f)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> ConvDrawnStride:
    """Build the model, with random weights."""
    return ConvDrawnStride()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
