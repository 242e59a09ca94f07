"""PyTorch model image-residual: one-to-one, residual."""

import torch
from torch import Tensor, nn


class ImageResidual(nn.Module):
    r"""Map a grid ``image`` to a vector ``y``.

        Y     dense(5, softmax)
        |
        M     mean(grid)
        |
        R     activation(relu)
        |
        A     add
        |\
        E |   batchnorm
        | |
        D |   conv2d(4, 3)
        | |
        N |   batchnorm
        | |
        C |   conv2d(4, 3)
        |/
        S     conv2d(4, 3, relu)
        |
        X     input(8, 8, 3, name=image)

    Shapes, without the batch:
        input image: (3, 8, 8) float32
        output y: (5,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_s = nn.Conv2d(3, 4, 3, padding=1)
        self.conv2d_c = nn.Conv2d(4, 4, 3, padding=1)
        self.batchnorm_n = nn.BatchNorm2d(4)
        self.conv2d_d = nn.Conv2d(4, 4, 3, padding=1)
        self.batchnorm_e = nn.BatchNorm2d(4)
        self.dense_y = nn.Linear(4, 5)

    def forward(self, image: Tensor) -> Tensor:
        conv2d_s = torch.relu(self.conv2d_s(image))
        conv2d_c = self.conv2d_c(conv2d_s)
        batchnorm_n = self.batchnorm_n(conv2d_c)
        conv2d_d = self.conv2d_d(batchnorm_n)
        batchnorm_e = self.batchnorm_e(conv2d_d)
        add_a = batchnorm_e + conv2d_s
        activated_r = torch.relu(add_a)
        pooled_m = activated_r.mean(dim=(-2, -1))
        return torch.softmax(self.dense_y(pooled_m), dim=-1)


def build_model() -> ImageResidual:
    """Build the model, with random weights."""
    return ImageResidual()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 3, 8, 8)
    with torch.no_grad():
        outputs = model(image)
    print("y", tuple(outputs.shape))
