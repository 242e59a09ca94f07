"""PyTorch model motion_block: many-to-many aligned, residual, variable length."""

import torch
from torch import Tensor, nn


class MotionBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``a``.

        A   A   ... A     add
        |\  |\      |\
        | D | D ... | D   dense(6)
        | | | |     | |
        | H-|-H-...-|-H   gru(units)
        |/  |/      |/
        X   X   ... X     input(6)

        units = 16

    Shapes, without the batch:
        input x: (None, 6) float32
        output a: (None, 6)
    """

    def __init__(self, units: int = 16) -> None:
        super().__init__()
        self.gru_h = nn.GRU(6, units, batch_first=True)
        self.dense_d = nn.Linear(units, 6)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        dense_d = self.dense_d(gru_h)
        a: Tensor = x + dense_d
        return a


def build_model(units: int = 16) -> MotionBlock:
    """Build the model, with random weights."""
    return MotionBlock(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 6)
    with torch.no_grad():
        outputs = model(x)
    print("a", tuple(outputs.shape))
