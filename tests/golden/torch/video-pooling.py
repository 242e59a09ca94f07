"""PyTorch model video-pooling: many-to-one."""

import torch
from torch import Tensor, nn


class VideoPooling(nn.Module):
    """Map a sequence ``frames`` to a vector ``y``.

            Y       dense(6, softmax)
            |
            M       max
            |
        +-+-+-+-+
        | | | | |
        F F F F F   dense(12, relu)
        | | | | |
        X X X X X   input(24, name=frames)

    Shapes, without the batch:
        input frames: (5, 24) float32
        output y: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 12)
        self.dense_y = nn.Linear(12, 6)

    def forward(self, frames: Tensor) -> Tensor:
        dense_f = torch.relu(self.dense_f(frames))
        max_m = dense_f.amax(dim=1)
        return torch.softmax(self.dense_y(max_m), dim=-1)


def build_model() -> VideoPooling:
    """Build the model, with random weights."""
    return VideoPooling()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 5, 24)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
