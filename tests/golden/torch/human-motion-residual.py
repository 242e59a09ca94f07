"""PyTorch model human-motion-residual: graph, feedback, variable length."""

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


class HumanMotionResidual(nn.Module):
    """Map a sequence ``frames`` to a sequence ``m``.

        M M ..t.. M M M M   motion_block(units=32)
        | |       | | | |
        X X ..t.. X m m m

        X = input(6, name=frames)

    Shapes, without the batch:
        input frames: (t, 6) float32
        output m: (t + 3, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.motion_block_m = MotionBlock(units=32)

    def forward(self, frames: Tensor) -> Tensor:
        motion_block_m_gru_h_known, motion_block_m_gru_h_known_state = (
            self.motion_block_m.gru_h(frames)
        )
        motion_block_m_dense_d_known = self.motion_block_m.dense_d(
            motion_block_m_gru_h_known,
        )
        m_known = frames + motion_block_m_dense_d_known
        m_own = m_known[:, -1]
        motion_block_m_gru_h_state = motion_block_m_gru_h_known_state
        m_own_steps = []
        for _ in range(3):
            motion_block_m_x = m_own
            motion_block_m_gru_h, motion_block_m_gru_h_state = (
                self.motion_block_m.gru_h(
                    motion_block_m_x.unsqueeze(1),
                    motion_block_m_gru_h_state,
                )
            )
            motion_block_m_gru_h = motion_block_m_gru_h.squeeze(1)
            motion_block_m_dense_d = self.motion_block_m.dense_d(motion_block_m_gru_h)
            m_own = motion_block_m_x + motion_block_m_dense_d
            m_own_steps.append(m_own)
        m_own = torch.stack(m_own_steps, dim=1)
        return torch.cat((m_known, m_own), dim=1)


def build_model() -> HumanMotionResidual:
    """Build the model, with random weights."""
    return HumanMotionResidual()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("m", tuple(outputs.shape))
