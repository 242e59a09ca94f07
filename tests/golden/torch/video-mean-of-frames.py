"""PyTorch model video-mean-of-frames: many-to-one."""

import torch
from torch import Tensor, nn


class VideoMeanOfFrames(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``m``.

          M     mean
          |
        +-+-+
        | | |
        Y Y Y   dense(4, softmax)
        | | |
        F F F   flatten
        | | |
        P P P   maxpool2d(3)
        | | |
        C C C   conv2d(4, 3, relu)
        | | |
        X X X   input(6, 6, 3, name=frames)

    Shapes, without the batch:
        input frames: (3, 3, 6, 6) float32
        output m: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(3)
        self.dense_y = nn.Linear(16, 4)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = torch.unflatten(
            pooled_p.movedim(-3, -1).flatten(-3),
            0,
            frames.shape[:2],
        )
        dense_y = torch.softmax(self.dense_y(flat_f), dim=-1)
        return dense_y.mean(dim=1)


def build_model() -> VideoMeanOfFrames:
    """Build the model, with random weights."""
    return VideoMeanOfFrames()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 3, 3, 6, 6)
    with torch.no_grad():
        outputs = model(frames)
    print("m", tuple(outputs.shape))
