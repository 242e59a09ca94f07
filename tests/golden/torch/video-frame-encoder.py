"""PyTorch model video-frame-encoder: many-to-one."""

import torch
from torch import Tensor, nn


class Frame(nn.Module):
    """Map a grid ``x`` to a vector ``d``.

        D   dense(6, relu)
        |
        F   flatten
        |
        P   maxpool2d(2)
        |
        C   conv2d(filters, 3, relu)
        |
        X   input(6, 6, 1)

        filters = 4

    Shapes, without the batch:
        input x: (1, 6, 6) float32
        output d: (6,)
    """

    def __init__(self, filters: int = 4) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, filters, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.dense_d = nn.Linear(9 * filters, 6)

    def forward(self, x: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(x))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = pooled_p.movedim(-3, -1).flatten(-3)
        return torch.relu(self.dense_d(flat_f))


class VideoFrameEncoder(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``y``.

              Y   dense(3, softmax)
              |
        H H H H   lstm(5)
        | | | |
        F F F F   frame(filters=5)
        | | | |
        X X X X   input(6, 6, 1, name=frames)

    Shapes, without the batch:
        input frames: (4, 1, 6, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.frame_f = Frame(filters=5)
        self.lstm_h = nn.LSTM(6, 5, batch_first=True)
        self.dense_y = nn.Linear(5, 3)

    def forward(self, frames: Tensor) -> Tensor:
        frame_f = torch.unflatten(
            self.frame_f(frames.flatten(0, 1)),
            0,
            frames.shape[:2],
        )
        _, (h_n, _) = self.lstm_h(frame_f)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> VideoFrameEncoder:
    """Build the model, with random weights."""
    return VideoFrameEncoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 4, 1, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
