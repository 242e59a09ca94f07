"""PyTorch model pasted-boxes: many-to-one."""

import torch
from torch import Tensor, nn


class PastedBoxes(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                    O   dense(1)
                    |
        +-+-+-+-+-+-+
        | | | | | |
        O O O O O O     gru(8)
        | | | | | |
        O O O O O O     input(3)

    Shapes, without the batch:
        input x: (6, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 8, batch_first=True)
        self.dense = nn.Linear(48, 1)

    def forward(self, x: Tensor) -> Tensor:
        gru, _ = self.gru(x)
        y: Tensor = self.dense(gru.flatten(1))
        return y


def build_model() -> PastedBoxes:
    """Build the model, with random weights."""
    return PastedBoxes()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
