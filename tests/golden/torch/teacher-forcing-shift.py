"""PyTorch model teacher-forcing-shift: encoder-decoder, state handoff."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TeacherForcingShift(nn.Module):
    """Map 2 sequences to a sequence.

                Y Y Y Y   dense(9, softmax)
                | | | |
        E-E-E---D-D-D-D
        | | |    / / /
        X X X   Z Z Z

        X = input(6, name=source)
        Z = input(7, name=target)
        E = lstm(10, name=encoder)
        D = lstm(10, name=decoder)

    Shapes, without the batch:
        input source: (3, 6) float32
        input target: (3, 7) float32
        output y: (4, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(6, 10, batch_first=True)
        self.decoder = nn.LSTM(7, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, encoder_state = self.encoder(source)
        padded = F.pad(target, (0, 0, 1, 0))
        decoder, _ = self.decoder(padded, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> TeacherForcingShift:
    """Build the model, with random weights."""
    return TeacherForcingShift()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 3, 6)
    target = torch.randn(2, 3, 7)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
