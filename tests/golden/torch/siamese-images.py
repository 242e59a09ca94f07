"""PyTorch model siamese-images: one-to-one."""

import torch
from torch import Tensor, nn


class SiameseImages(nn.Module):
    """Map grids ``first`` and ``second`` to a vector ``y``.

          Y     dense(1, sigmoid)
          |
          M     multiply
          |
        +-+-+
        |   |
        D   D
        |   |
        F   F
        |   |
        P   P
        |   |
        C   C
        |   |
        X   Z

        X = input(6, 6, 1, name=first)
        Z = input(6, 6, 1, name=second)
        C = conv2d(3, 3, relu)
        P = maxpool2d(2)
        F = flatten
        D = dense(4, tanh)

    Shapes, without the batch:
        input first: (1, 6, 6) float32
        input second: (1, 6, 6) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 3, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.dense_d = nn.Linear(27, 4)
        self.dense_y = nn.Linear(4, 1)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        joined = torch.cat((first.unsqueeze(1), second.unsqueeze(1)), dim=1)
        folded = joined.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = torch.unflatten(
            pooled_p.movedim(-3, -1).flatten(-3),
            0,
            joined.shape[:2],
        )
        dense_d = torch.tanh(self.dense_d(flat_f))
        multiply_m = dense_d.prod(dim=1)
        return torch.sigmoid(self.dense_y(multiply_m))


def build_model() -> SiameseImages:
    """Build the model, with random weights."""
    return SiameseImages()


if __name__ == "__main__":
    model = build_model()
    print(model)
    first = torch.randn(2, 1, 6, 6)
    second = torch.randn(2, 1, 6, 6)
    with torch.no_grad():
        outputs = model(first, second)
    print("y", tuple(outputs.shape))
