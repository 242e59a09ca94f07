"""PyTorch model conv-normalized: many-to-one, convolutional."""

import torch
from torch import Tensor, nn


class ConvNormalized(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                  Y   dense(3, softmax)
                  |
                  P   mean
                  |
        +-+-+-+-+-+
        | | | | | |
        R R R R R R   activation(relu)
        | | | | | |
        B B B B B B   batchnorm(epsilon=0.001, momentum=0.99)
        | | | | | |
        C C C C C C   conv(2 * filters, kernel)
        | | | | | |
        A A A A A A   activation(relu)
        | | | | | |
        N N N N N N   batchnorm(epsilon=0.001, momentum=0.99)
        | | | | | |
        K K K K K K   conv(filters, kernel + 2)
        | | | | | |
        X X X X X X   input(2)

        filters = 4
        kernel = 3

    Shapes, without the batch:
        input x: (6, 2) float32
        output y: (3,)
    """

    def __init__(self, filters: int = 4, kernel: int = 3) -> None:
        super().__init__()
        self.conv_k = nn.Conv1d(2, filters, kernel + 2, padding="same")
        self.batchnorm_n = nn.BatchNorm1d(filters, eps=0.001, momentum=0.01)
        self.conv_c = nn.Conv1d(filters, 2 * filters, kernel, padding="same")
        self.batchnorm_b = nn.BatchNorm1d(2 * filters, eps=0.001, momentum=0.01)
        self.dense_y = nn.Linear(2 * filters, 3)

    def forward(self, x: Tensor) -> Tensor:
        conv_k = self.conv_k(x.transpose(1, 2))
        batchnorm_n = self.batchnorm_n(conv_k)
        activated_a = torch.relu(batchnorm_n)
        conv_c = self.conv_c(activated_a)
        batchnorm_b = self.batchnorm_b(conv_c)
        activated_r = torch.relu(batchnorm_b)
        mean_p = activated_r.mean(dim=-1)
        return torch.softmax(self.dense_y(mean_p), dim=-1)


def build_model(filters: int = 4, kernel: int = 3) -> ConvNormalized:
    """Build the model, with random weights."""
    return ConvNormalized(filters=filters, kernel=kernel)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
