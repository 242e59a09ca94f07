"""PyTorch model average-pooling: many-to-one."""

import torch
from torch import Tensor, nn


class AveragePooling(nn.Module):
    r"""Map a sequence ``x`` to a vector ``y``.

                  Y     dense(1)
                  |
          H-------H     gru(10)
          |       |
          M       M     mean
         / \     / \
        X   X   X   X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean_m = (x[:, ::2] + x[:, 1::2]) / 2
        _, h_n = self.gru_h(mean_m)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> AveragePooling:
    """Build the model, with random weights."""
    return AveragePooling()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
