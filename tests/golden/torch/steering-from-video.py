"""PyTorch model steering-from-video: many-to-many aligned."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SteeringFromVideo(nn.Module):
    """Map a sequence of grids ``camera`` to a sequence ``y``.

        Y Y Y Y   dense(1)
        | | | |
        H-H-H-H   lstm(5)
        | | | |
        D D D D   dense(8, elu)
        | | | |
        F F F F   flatten
        | | | |
        E E E E   conv2d(6, 3, elu, padding=valid)
        | | | |
        C C C C   conv2d(4, 5, elu, stride=2, padding=valid)
        | | | |
        X X X X   input(13, 17, 3, name=camera)

    Shapes, without the batch:
        input camera: (4, 3, 13, 17) float32
        output y: (4, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 5, stride=2)
        self.conv2d_e = nn.Conv2d(4, 6, 3)
        self.dense_d = nn.Linear(90, 8)
        self.lstm_h = nn.LSTM(8, 5, batch_first=True)
        self.dense_y = nn.Linear(5, 1)

    def forward(self, camera: Tensor) -> Tensor:
        folded = camera.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = F.elu(self.conv2d_c(folded))
        conv2d_e = F.elu(self.conv2d_e(conv2d_c))
        flat_f = torch.unflatten(
            conv2d_e.movedim(-3, -1).flatten(-3),
            0,
            camera.shape[:2],
        )
        dense_d = F.elu(self.dense_d(flat_f))
        lstm_h, _ = self.lstm_h(dense_d)
        y: Tensor = self.dense_y(lstm_h)
        return y


def build_model() -> SteeringFromVideo:
    """Build the model, with random weights."""
    return SteeringFromVideo()


if __name__ == "__main__":
    model = build_model()
    print(model)
    camera = torch.randn(2, 4, 3, 13, 17)
    with torch.no_grad():
        outputs = model(camera)
    print("y", tuple(outputs.shape))
