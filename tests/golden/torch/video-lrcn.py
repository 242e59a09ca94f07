"""PyTorch model video-lrcn: many-to-one."""

import torch
from torch import Tensor, nn


class VideoLrcn(nn.Module):
    """Map a sequence ``frames`` to a vector ``m``.

            M       mean
            |
        +-+-+-+-+
        | | | | |
        Y Y Y Y Y   dense(6, softmax)
        | | | | |
        H H H H H   lstm(16)
        | | | | |
        F F F F F   dense(12, relu)
        | | | | |
        X X X X X   input(24, name=frames)

    Shapes, without the batch:
        input frames: (5, 24) float32
        output m: (6,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 12)
        self.lstm_h = nn.LSTM(12, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 6)

    def forward(self, frames: Tensor) -> Tensor:
        dense_f = torch.relu(self.dense_f(frames))
        lstm_h, _ = self.lstm_h(dense_f)
        dense_y = torch.softmax(self.dense_y(lstm_h), dim=-1)
        return dense_y.mean(dim=1)


def build_model() -> VideoLrcn:
    """Build the model, with random weights."""
    return VideoLrcn()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 5, 24)
    with torch.no_grad():
        outputs = model(frames)
    print("m", tuple(outputs.shape))
