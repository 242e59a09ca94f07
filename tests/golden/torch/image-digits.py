"""PyTorch model image-digits: one-to-one."""

import torch
from torch import Tensor, nn


class ImageDigits(nn.Module):
    """Map a grid ``image`` to a vector ``y``.

        Y   dense(10, softmax)
        |
        R   dropout(0.5)
        |
        F   flatten
        |
        Q   maxpool2d(2)
        |
        D   conv2d(6, 3, relu, padding=valid)
        |
        P   maxpool2d(2)
        |
        C   conv2d(4, 3, relu, padding=valid)
        |
        X   input(14, 14, 1, name=image)

    Shapes, without the batch:
        input image: (1, 14, 14) float32
        output y: (10,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 3)
        self.pooled_p = nn.MaxPool2d(2)
        self.conv2d_d = nn.Conv2d(4, 6, 3)
        self.pooled_q = nn.MaxPool2d(2)
        self.dropout_r = nn.Dropout(0.5)
        self.dense_y = nn.Linear(24, 10)

    def forward(self, image: Tensor) -> Tensor:
        conv2d_c = torch.relu(self.conv2d_c(image))
        pooled_p = self.pooled_p(conv2d_c)
        conv2d_d = torch.relu(self.conv2d_d(pooled_p))
        pooled_q = self.pooled_q(conv2d_d)
        flat_f = pooled_q.movedim(-3, -1).flatten(-3)
        dropout_r = self.dropout_r(flat_f)
        return torch.softmax(self.dense_y(dropout_r), dim=-1)


def build_model() -> ImageDigits:
    """Build the model, with random weights."""
    return ImageDigits()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 1, 14, 14)
    with torch.no_grad():
        outputs = model(image)
    print("y", tuple(outputs.shape))
