"""PyTorch model spectrogram-events: many-to-many aligned, bidirectional."""

import torch
from torch import Tensor, nn


class SpectrogramEvents(nn.Module):
    """Map a sequence of grids ``windows`` to a sequence ``y``.

        Y Y Y Y Y   dense(3, sigmoid)
        | | | | |
        H=H=H=H=H   gru(6)
        | | | | |
        F F F F F   flatten
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(4, 3, relu)
        | | | | |
        X X X X X   input(8, 4, 1, name=windows)

    Shapes, without the batch:
        input windows: (5, 1, 8, 4) float32
        output y: (5, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 3, padding=1)
        self.pooled_p = nn.MaxPool2d(2)
        self.gru_h = nn.GRU(32, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 3)

    def forward(self, windows: Tensor) -> Tensor:
        folded = windows.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        pooled_p = self.pooled_p(conv2d_c)
        flat_f = torch.unflatten(
            pooled_p.movedim(-3, -1).flatten(-3),
            0,
            windows.shape[:2],
        )
        gru_h, _ = self.gru_h(flat_f)
        return torch.sigmoid(self.dense_y(gru_h))


def build_model() -> SpectrogramEvents:
    """Build the model, with random weights."""
    return SpectrogramEvents()


if __name__ == "__main__":
    model = build_model()
    print(model)
    windows = torch.randn(2, 5, 1, 8, 4)
    with torch.no_grad():
        outputs = model(windows)
    print("y", tuple(outputs.shape))
