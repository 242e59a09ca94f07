"""PyTorch model frames-cnn-lstm: many-to-one."""

import torch
from torch import Tensor, nn


class FramesCnnLstm(nn.Module):
    """Map a sequence of grids ``frames`` to a vector ``y``.

              Y
              |
        H H H H
        | | | |
        F F F F
        | | | |
        P P P P
        | | | |
        C C C C
        | | | |
        X X X X

        X = input(16, 16, 3, name=frames)
        C = conv2d(8, 3, relu, padding=same)
        P = maxpool2d(2)
        F = flatten
        H = lstm(32)
        Y = dense(5, softmax)

    Shapes, without the batch:
        input frames: (4, 3, 16, 16) float32
        output y: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(3, 8, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.lstm_h = nn.LSTM(512, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 5)

    def forward(self, frames: Tensor) -> Tensor:
        folded = frames.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = torch.unflatten(
            pooled_p.movedim(-3, -1).flatten(-3),
            0,
            frames.shape[:2],
        )
        _, (h_n, _) = self.lstm_h(flat_f)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> FramesCnnLstm:
    """Build the model, with random weights."""
    return FramesCnnLstm()


if __name__ == "__main__":
    model = build_model()
    print(model)
    frames = torch.randn(2, 4, 3, 16, 16)
    with torch.no_grad():
        outputs = model(frames)
    print("y", tuple(outputs.shape))
