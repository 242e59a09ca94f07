"""PyTorch model screen-and-instruments: many-to-one."""

import torch
from torch import Tensor, nn


class ScreenAndInstruments(nn.Module):
    r"""Map a sequence of grids and a sequence to a vector.

                Y
                |
        H---H---H
        |\  |\  |\
        F | F | F |
        | | | | | |
        C | C | C |
        | | | | | |
        X | X | X |
          |   |   |
          Z   Z   Z

        X = input(6, 6, 1, name=camera)
        Z = input(4, name=instruments)
        C = conv2d(3, 3, relu, stride=2)
        F = flatten
        H = gru(6)
        Y = dense(2, tanh)

    Shapes, without the batch:
        input camera: (3, 1, 6, 6) float32
        input instruments: (3, 4) float32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 3, 3, stride=2, padding=1)
        self.gru_h = nn.GRU(31, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 2)

    def forward(self, camera: Tensor, instruments: Tensor) -> Tensor:
        folded = camera.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        flat_f = torch.unflatten(
            conv2d_c.movedim(-3, -1).flatten(-3),
            0,
            camera.shape[:2],
        )
        joined = torch.cat((flat_f, instruments), dim=-1)
        _, h_n = self.gru_h(joined)
        return torch.tanh(self.dense_y(h_n[-1]))


def build_model() -> ScreenAndInstruments:
    """Build the model, with random weights."""
    return ScreenAndInstruments()


if __name__ == "__main__":
    model = build_model()
    print(model)
    camera = torch.randn(2, 3, 1, 6, 6)
    instruments = torch.randn(2, 3, 4)
    with torch.no_grad():
        outputs = model(camera, instruments)
    print("y", tuple(outputs.shape))
