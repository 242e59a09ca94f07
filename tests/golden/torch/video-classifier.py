"""PyTorch model video-classifier: many-to-one."""

import torch
from torch import Tensor, nn


class VideoClassifier(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(3, softmax)
                |
        H-H-H-H-H   lstm(8)
        | | | | |
        F F F F F   flatten
        | | | | |
        Q Q Q Q Q   maxpool2d(2)
        | | | | |
        D D D D D   conv2d(6, 3, relu)
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(4, 3, relu)
        | | | | |
        X X X X X   input(8, 8, 3, name=frames)

    Shapes, without the batch:
        input frames: (5, 3, 8, 8) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.conv2d_d = nn.Conv2d(4, 6, 3, padding=1)
        self.pooled_q = nn.MaxPool2d(2)
        self.lstm_h = nn.LSTM(24, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        conv2d_d = torch.relu(self.conv2d_d(pooled_p))
        pooled_q = self.pooled_q(conv2d_d)
        flat_f = torch.unflatten(
            pooled_q.movedim(-3, -1).flatten(-3),
            0,
            frames.shape[:2],
        )
        _, (h_n, _) = self.lstm_h(flat_f)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> VideoClassifier:
    """Build the model, with random weights."""
    return VideoClassifier()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 5, 3, 8, 8)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
