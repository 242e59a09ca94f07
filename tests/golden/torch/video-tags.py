"""PyTorch model video-tags: many-to-many aligned, bidirectional."""

import torch
from torch import Tensor, nn


class VideoTags(nn.Module):
    """Map a sequence of grids ``x`` to a sequence ``y``.

        Y Y Y Y   dense(3, softmax)
        | | | |
        H=H=H=H   lstm(6)
        | | | |
        F F F F   flatten
        | | | |
        P P P P   meanpool2d(2)
        | | | |
        N N N N   batchnorm
        | | | |
        C C C C   conv2d(4, 3, relu)
        | | | |
        X X X X   input(7, 6, 2)

    Shapes, without the batch:
        input x: (4, 2, 7, 6) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(2, 4, 3, padding=1)
        self.batchnorm_n = nn.BatchNorm2d(4)
        self.pooled_p = nn.AvgPool2d(2)
        self.lstm_h = nn.LSTM(36, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        folded = x.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        batchnorm_n = self.batchnorm_n(conv2d_c)
        pooled_p = self.pooled_p(batchnorm_n)
        flat_f = torch.unflatten(pooled_p.movedim(-3, -1).flatten(-3), 0, x.shape[:2])
        lstm_h, _ = self.lstm_h(flat_f)
        return torch.softmax(self.dense_y(lstm_h), dim=-1)


def build_model() -> VideoTags:
    """Build the model, with random weights."""
    return VideoTags()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 2, 7, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
