"""PyTorch model inputs-along-time: many-to-one."""

import torch
from torch import Tensor, nn


class InputsAlongTime(nn.Module):
    """Map sequences ``before`` and ``after`` to a vector ``y``.

                    Y   dense(1)
                    |
        H H H H H H H   gru(8)
        | | | | | | |
        X X X X Z Z Z

        X = input(2, name=before)
        Z = input(2, name=after)

    Shapes, without the batch:
        input before: (4, 2) float32
        input after: (3, 2) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(2, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, before: Tensor, after: Tensor) -> Tensor:
        joined = torch.cat((before, after), dim=1)
        _, h_n = self.gru_h(joined)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> InputsAlongTime:
    """Build the model, with random weights."""
    return InputsAlongTime()


if __name__ == "__main__":
    model = build_model()
    print(model)
    before = torch.randn(2, 4, 2)
    after = torch.randn(2, 3, 2)
    with torch.no_grad():
        outputs = model(before, after)
    print("y", tuple(outputs.shape))
