"""PyTorch model translation-bidirectional-both: encoder-decoder, bidirectional, state handoff."""

import torch
from torch import Tensor, nn


class TranslationBidirectionalBoth(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E===D=D=D
        | | | |   | | |
        X X X X   Z Z Z

        X = input(8)
        Z = input(7)
        E = lstm(6)
        D = lstm(6)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (4, 8) float32
        input z: (3, 7) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_e = nn.LSTM(8, 6, batch_first=True, bidirectional=True)
        self.lstm_d = nn.LSTM(7, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        _, lstm_e_state = self.lstm_e(x)
        lstm_d, _ = self.lstm_d(z, lstm_e_state)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)


def build_model() -> TranslationBidirectionalBoth:
    """Build the model, with random weights."""
    return TranslationBidirectionalBoth()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    z = torch.randn(2, 3, 7)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
