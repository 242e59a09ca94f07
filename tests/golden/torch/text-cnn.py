"""PyTorch model text-cnn: many-to-one, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TextCnn(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                          Y     dense(2, softmax)
                          |
                        +-+-+
                        | | |
                        | | C
                        | | |
        +---+---+---+---|-|-+
        |   |   |   |   | |
        K   K   K   K   | |
        |   |   |   |   | B
        |   |   |   |   | |
        | +-|-+-|-+-|-+-|-+
        | | | | | | | | |
        | G | G | G | G |
        |/  |/  |/  |/  |
        |   |   |   |   A
        |   |   |   |   |
        | +-|-+-|-+-|-+-+
        | | | | | | | |
        | F | F | F | F
        |/  |/  |/  |/
        W   W   W   W
        |   |   |   |
        X   X   X   X

        X = tokens(30)
        W = embedding(8)
        F = conv(6, 2, relu)
        G = conv(6, 3, relu)
        K = conv(6, 4, relu)
        A = max
        B = max
        C = max

    Shapes, without the batch:
        input x: (4,) int32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.conv_f = nn.Conv1d(8, 6, 2)
        self.conv_g = nn.Conv1d(8, 6, 3, padding=1)
        self.conv_k = nn.Conv1d(8, 6, 4)
        self.dense_y = nn.Linear(18, 2)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        channels = embedding_w.transpose(1, 2)
        padded = F.pad(channels, (0, 1))
        conv_f = torch.relu(self.conv_f(padded))
        max_a = conv_f.amax(dim=-1)
        conv_g = torch.relu(self.conv_g(channels))
        max_b = conv_g.amax(dim=-1)
        padded_2 = F.pad(channels, (1, 2))
        conv_k = torch.relu(self.conv_k(padded_2))
        max_c = conv_k.amax(dim=-1)
        joined = torch.cat((max_a, max_b, max_c), dim=-1)
        return torch.softmax(self.dense_y(joined), dim=-1)


def build_model() -> TextCnn:
    """Build the model, with random weights."""
    return TextCnn()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
