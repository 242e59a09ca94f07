"""PyTorch model video-frames-gru: many-to-one."""

import torch
from torch import Tensor, nn


class VideoFramesGru(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(4, softmax)
                |
        H H H H H   gru(8)
        | | | | |
        M M M M M   mean(grid)
        | | | | |
        D D D D D   conv2d(6, 3, relu, stride=2)
        | | | | |
        C C C C C   conv2d(4, 3, relu, stride=2)
        | | | | |
        X X X X X   input(12, 10, 3, name=frames)

    Shapes, without the batch:
        input frames: (5, 3, 12, 10) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.conv2d_d = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.gru_h = nn.GRU(6, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        conv2d_d = torch.relu(self.conv2d_d(conv2d_c))
        pooled_m = torch.unflatten(conv2d_d.mean(dim=(-2, -1)), 0, frames.shape[:2])
        _, h_n = self.gru_h(pooled_m)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> VideoFramesGru:
    """Build the model, with random weights."""
    return VideoFramesGru()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 5, 3, 12, 10)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
