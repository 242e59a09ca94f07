"""PyTorch model global-average: many-to-one."""

import torch
from torch import Tensor, nn


class GlobalAverage(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

            Y       dense(3)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        H H H H H   gru(16)
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        mean_m = gru_h.mean(dim=1)
        y: Tensor = self.dense_y(mean_m)
        return y


def build_model() -> GlobalAverage:
    """Build the model, with random weights."""
    return GlobalAverage()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
