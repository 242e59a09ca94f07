"""PyTorch model acoustic-residual-frames: many-to-many aligned, variable length."""

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


class AcousticResidualFrames(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(7, log_softmax)
        | |     |
        H-H-...-H   gru(5)
        | |     |
        B B ... B   frame_block
        | |     |
        A A ... A   frame_block
        | |     |
        E E ... E   dense(6)
        | |     |
        X X ... X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 7)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_e = nn.Linear(4, 6)
        self.frame_block_a = FrameBlock()
        self.frame_block_b = FrameBlock()
        self.gru_h = nn.GRU(6, 5, batch_first=True)
        self.dense_y = nn.Linear(5, 7)

    def forward(self, x: Tensor) -> Tensor:
        dense_e = self.dense_e(x)
        frame_block_a = torch.unflatten(
            self.frame_block_a(dense_e.flatten(0, 1)),
            0,
            dense_e.shape[:2],
        )
        frame_block_b = torch.unflatten(
            self.frame_block_b(frame_block_a.flatten(0, 1)),
            0,
            frame_block_a.shape[:2],
        )
        gru_h, _ = self.gru_h(frame_block_b)
        return torch.log_softmax(self.dense_y(gru_h), dim=-1)


def build_model() -> AcousticResidualFrames:
    """Build the model, with random weights."""
    return AcousticResidualFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 4)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
