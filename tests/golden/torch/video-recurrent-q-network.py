"""PyTorch model video-recurrent-q-network: many-to-many aligned, stateful, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class VideoRecurrentQNetwork(nn.Module):
    """Map a sequence of grids ``screen`` to a sequence ``y``.

          Y Y ... Y     dense(4)
          | |     |
        *-H-H-...-H-*   lstm(8)
          | |     |
          F F ... F     flatten
          | |     |
          C C ... C     conv2d(4, 4, relu, stride=2)
          | |     |
          X X ... X     input(8, 8, 1, name=screen)

    Shapes, without the batch:
        input screen: (None, 1, 8, 8) float32
        output y: (None, 4)
        state h_state_h: (8,)
        state h_state_c: (8,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 4, stride=2)
        self.lstm_h = nn.LSTM(64, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 8), weight.new_zeros(batch, 8)

    def forward(
        self,
        screen: Tensor,
        h_state_h: Tensor | None = None,
        h_state_c: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(screen.shape[0])
        h_state_h = zeros[0] if h_state_h is None else h_state_h
        h_state_c = zeros[1] if h_state_c is None else h_state_c
        folded = screen.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(F.pad(folded, (1, 2, 1, 2))))
        flat_f = torch.unflatten(
            conv2d_c.movedim(-3, -1).flatten(-3),
            0,
            screen.shape[:2],
        )
        lstm_h, (h_n, c_n) = self.lstm_h(
            flat_f,
            (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0)),
        )
        y = self.dense_y(lstm_h)
        return y, h_n[0], c_n[0]


def build_model() -> VideoRecurrentQNetwork:
    """Build the model, with random weights."""
    return VideoRecurrentQNetwork()


if __name__ == "__main__":
    model = build_model()
    print(model)
    screen = torch.randn(2, 6, 1, 8, 8)
    with torch.no_grad():
        outputs = model(screen)
    for name, output in zip(["y", "h_state_h", "h_state_c"], outputs, strict=True):
        print(name, tuple(output.shape))
