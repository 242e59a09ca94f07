"""PyTorch model frame_block: one-to-one, residual."""

import torch
from torch import Tensor, nn


class FrameBlock(nn.Module):
    r"""Map a vector ``x`` to a vector ``a``.

        A     add
        |\
        B |   dense(6)
        | |
        R |   dense(12, relu)
        | |
        N |   layernorm
        |/
        X     input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output a: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.layernorm_n = nn.LayerNorm(6)
        self.dense_r = nn.Linear(6, 12)
        self.dense_b = nn.Linear(12, 6)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        dense_r = torch.relu(self.dense_r(layernorm_n))
        dense_b = self.dense_b(dense_r)
        a: Tensor = dense_b + x
        return a


def build_model() -> FrameBlock:
    """Build the model, with random weights."""
    return FrameBlock()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6)
    with torch.no_grad():
        outputs = model(x)
    print("a", tuple(outputs.shape))
