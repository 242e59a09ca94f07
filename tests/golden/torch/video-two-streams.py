"""PyTorch model video-two-streams: many-to-one."""

import torch
from torch import Tensor, nn


class VideoTwoStreams(nn.Module):
    r"""Map 2 sequences of grids to a vector.

                Y
                |
        H---H---H
        |\  |\  |\
        M | M | M |
        | | | | | |
        C | C | C |
        | | | | | |
        X | X | X |
          |   |   |
          N   N   N
          |   |   |
          D   D   D
          |   |   |
          Z   Z   Z

        X = input(6, 6, 3, name=frames)
        Z = input(6, 6, 2, name=flow)
        C = conv2d(4, 3, relu)
        D = conv2d(4, 3, relu)
        M = mean(grid)
        N = mean(grid)
        H = lstm(5)
        Y = dense(3, softmax)

    Shapes, without the batch:
        input frames: (3, 3, 6, 6) float32
        input flow: (3, 2, 6, 6) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_d = nn.Conv2d(2, 4, 3, padding=1)
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.lstm_h = nn.LSTM(8, 5, batch_first=True)
        self.dense_y = nn.Linear(5, 3)

    def forward(self, frames: Tensor, flow: Tensor) -> Tensor:
        folded = flow.flatten(0, 1)
        conv2d_d = torch.relu(self.conv2d_d(folded))
        pooled_n = torch.unflatten(conv2d_d.mean(dim=(-2, -1)), 0, flow.shape[:2])
        folded_2 = frames.flatten(0, 1)
        conv2d_c = torch.relu(self.conv2d_c(folded_2))
        pooled_m = torch.unflatten(conv2d_c.mean(dim=(-2, -1)), 0, frames.shape[:2])
        joined = torch.cat((pooled_m, pooled_n), dim=-1)
        _, (h_n, _) = self.lstm_h(joined)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> VideoTwoStreams:
    """Build the model, with random weights."""
    return VideoTwoStreams()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 3, 3, 6, 6)
    flow = torch.randn(2, 3, 2, 6, 6)
    with torch.no_grad():
        outputs = model(frames, flow)
    print("y", tuple(outputs.shape))
