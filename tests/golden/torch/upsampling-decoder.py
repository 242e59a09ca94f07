"""PyTorch model upsampling-decoder: graph, convolutional, variable length."""

import torch
from torch import Tensor, nn


class UpsamplingDecoder(nn.Module):
    """Map a sequence ``c`` to a sequence ``y``.

        Y Y ...  Y Y   conv(3, 5)
        | |      | |
        U U ...  U U   dense(12, relu)
        | |      | |
        +-+      +-+
        |        |
        C  ..n.. C     input(8)

    Shapes, without the batch:
        input c: (n, 8) float32
        output y: (2 * n, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_u = nn.Linear(8, 12)
        self.conv_y = nn.Conv1d(12, 3, 5, padding=2)

    def forward(self, c: Tensor) -> Tensor:
        repeated = c.repeat_interleave(2, dim=1)
        dense_u = torch.relu(self.dense_u(repeated))
        y: Tensor = self.conv_y(dense_u.transpose(1, 2)).transpose(1, 2)
        return y


def build_model() -> UpsamplingDecoder:
    """Build the model, with random weights."""
    return UpsamplingDecoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    c = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(c)
    print("y", tuple(outputs.shape))
