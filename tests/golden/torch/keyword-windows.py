"""PyTorch model keyword-windows: many-to-one."""

import torch
from torch import Tensor, nn


class KeywordWindows(nn.Module):
    """Map a sequence of grids ``windows`` to a vector ``y``.

                Y   dense(4, softmax)
                |
        H-H-H-H-H   gru(6)
        | | | | |
        F F F F F   flatten
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(3, 3, relu)
        | | | | |
        X X X X X   input(6, 4, 1, name=windows)

    Shapes, without the batch:
        input windows: (5, 1, 6, 4) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 3, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.gru_h = nn.GRU(18, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 4)

    def forward(self, windows: Tensor) -> Tensor:
        folded = windows.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = torch.unflatten(
            pooled_p.movedim(-3, -1).flatten(-3),
            0,
            windows.shape[:2],
        )
        _, h_n = self.gru_h(flat_f)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> KeywordWindows:
    """Build the model, with random weights."""
    return KeywordWindows()


if __name__ == "__main__":
    model = build_model()
    print(model)
    windows = torch.randn(2, 5, 1, 6, 4)
    with torch.no_grad():
        outputs = model(windows)
    print("y", tuple(outputs.shape))
