"""PyTorch model spectrogram-tagger: many-to-many aligned, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SpectrogramTagger(nn.Module):
    """Map a sequence of grids to a sequence.

        Y Y ... Y   dense(4, sigmoid)
        | |     |
        H-H-...-H   gru(6)
        | |     |
        M M ... M   mean(grid)
        | |     |
        D D ... D   conv2d(5, 2, relu, stride=2)
        | |     |
        P P ... P   meanpool2d(2)
        | |     |
        B B ... B   batchnorm
        | |     |
        C C ... C   conv2d(4, 3, relu, padding=valid)
        | |     |
        X X ... X   input(10, 6, 1, name=spectrogram)

    Shapes, without the batch:
        input spectrogram: (None, 1, 10, 6) float32
        output y: (None, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv2d_c = nn.Conv2d(1, 4, 3)
        self.batchnorm_b = nn.BatchNorm2d(4)
        self.pooled_p = nn.AvgPool2d(2)
        self.conv2d_d = nn.Conv2d(4, 5, 2, stride=2)
        self.gru_h = nn.GRU(5, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 4)

    def forward(self, spectrogram: Tensor) -> Tensor:
        folded = spectrogram.flatten(0, 1)
        conv2d_c = torch.relu(self.conv2d_c(folded))
        batchnorm_b = self.batchnorm_b(conv2d_c)
        pooled_p = self.pooled_p(batchnorm_b)
        conv2d_d = torch.relu(self.conv2d_d(F.pad(pooled_p, (0, 1, 0, 1))))
        pooled_m = torch.unflatten(
            conv2d_d.mean(dim=(-2, -1)),
            0,
            spectrogram.shape[:2],
        )
        gru_h, _ = self.gru_h(pooled_m)
        return torch.sigmoid(self.dense_y(gru_h))


def build_model() -> SpectrogramTagger:
    """Build the model, with random weights."""
    return SpectrogramTagger()


if __name__ == "__main__":
    model = build_model()
    print(model)
    spectrogram = torch.randn(2, 6, 1, 10, 6)
    with torch.no_grad():
        outputs = model(spectrogram)
    print("y", tuple(outputs.shape))
