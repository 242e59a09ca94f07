"""PyTorch model towers-over-halves: many-to-one."""

import torch
from torch import Tensor, nn


class Recording(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

              V   dense(4, relu)
              |
        H H H H   lstm(5)
        | | | |
        X X X X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output v: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(3, 5, batch_first=True)
        self.dense_v = nn.Linear(5, 4)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        return torch.relu(self.dense_v(h_n[-1]))


class TowersOverHalves(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

              Y
              |
          +---+---+
          |       |
          T       T
          |       |
        +-+-+-+ +-+-+-+
        | | | | | | | |
        X X X X X X X X

        X = input(3)
        T = recording
        Y = dense(2, softmax)

    Shapes, without the batch:
        input x: (8, 3) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.recording_t = Recording()
        self.dense_y = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        recording_t_1 = self.recording_t(x[:, :4])
        recording_t_2 = self.recording_t(x[:, -4:])
        joined = torch.cat((recording_t_1, recording_t_2), dim=-1)
        return torch.softmax(self.dense_y(joined), dim=-1)


def build_model() -> TowersOverHalves:
    """Build the model, with random weights."""
    return TowersOverHalves()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
