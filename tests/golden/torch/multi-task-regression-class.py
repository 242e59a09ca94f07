"""PyTorch model multi-task-regression-class: many-to-one."""

import torch
from torch import Tensor, nn


class MultiTaskRegressionClass(nn.Module):
    """Map a sequence ``x`` to vectors ``change`` and ``rises``.

              R   C
              |   |
              P   Q
              |   |
              +-+-+
                |
        H-H-H-H-+
        | | | |
        X X X X

        X = input(5)
        H = gru(16)
        P = dense(8, relu)
        Q = dense(8, relu)
        R = dense(1, name=change)
        C = dense(1, sigmoid, name=rises)

    Shapes, without the batch:
        input x: (4, 5) float32
        output change: (1,)
        output rises: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(5, 16, batch_first=True)
        self.dense_p = nn.Linear(16, 8)
        self.dense_q = nn.Linear(16, 8)
        self.change = nn.Linear(8, 1)
        self.rises = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, h_n = self.gru_h(x)
        dense_p = torch.relu(self.dense_p(h_n[-1]))
        dense_q = torch.relu(self.dense_q(h_n[-1]))
        change = self.change(dense_p)
        rises = torch.sigmoid(self.rises(dense_q))
        return change, rises


def build_model() -> MultiTaskRegressionClass:
    """Build the model, with random weights."""
    return MultiTaskRegressionClass()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 5)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["change", "rises"], outputs, strict=True):
        print(name, tuple(output.shape))
