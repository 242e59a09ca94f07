"""PyTorch model wavenet-drawn: many-to-many aligned, convolutional."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class WavenetDrawn(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``g``.

        G    G    G    G    G        dense(6, relu)
         \    \  / \  / \  / \
          \    \/   \/   \/   \
           \   /\   /\   /\    \
            \ /  \ /  \ /  \    \
             F    F    F    F    F   dense(6, relu)
             |   /|   /|   /|   /|
             |  / |  / |  / |  / |
             | /  | /  | /  | /  |
             |/   |/   |/   |/   |
             X    X    X    X    X   input(4)

    Shapes, without the batch:
        input x: (5, 4) float32
        output g: (5, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(4, 6, 2)
        self.conv_g = nn.Conv1d(6, 6, 2, dilation=2)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (1, 0))
        conv_f = torch.relu(self.conv_f(padded))
        padded_2 = F.pad(conv_f, (2, 0))
        return torch.relu(self.conv_g(padded_2)).transpose(1, 2)


def build_model() -> WavenetDrawn:
    """Build the model, with random weights."""
    return WavenetDrawn()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 4)
    with torch.no_grad():
        outputs = model(x)
    print("g", tuple(outputs.shape))
