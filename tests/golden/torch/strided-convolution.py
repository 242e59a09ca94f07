"""PyTorch model strided-convolution: graph, bidirectional, convolutional, variable length."""

import torch
from torch import Tensor, nn


class StridedConvolution(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y   ... Y     dense(5, softmax)
        |       |
        H===...=H     gru(8)
        |       |
        F   ... F     conv(6, 3, relu)
        |       |
        X X ... X X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(4, 6, 3, stride=2, padding=1)
        self.gru_h = nn.GRU(6, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Tensor:
        conv_f = torch.relu(self.conv_f(x.transpose(1, 2))).transpose(1, 2)
        gru_h, _ = self.gru_h(conv_f)
        return torch.softmax(self.dense_y(gru_h), dim=-1)


def build_model() -> StridedConvolution:
    """Build the model, with random weights."""
    return StridedConvolution()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
