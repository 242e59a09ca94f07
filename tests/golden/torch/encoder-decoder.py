"""PyTorch model encoder-decoder: encoder-decoder."""

import torch
from torch import Tensor, nn


class EncoderDecoder(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                    O O O   dense(1)
                    | | |
                    O-O-O   lstm(16)
                    | | |
                  +-+-+-+
                  |
        O-O-O-O-O-O         lstm(16)
        | | | | | |
        O O O O O O         input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_1 = nn.LSTM(8, 16, batch_first=True)
        self.lstm_2 = nn.LSTM(16, 16, batch_first=True)
        self.dense = nn.Linear(16, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_1(x)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 3, -1)
        lstm_2, _ = self.lstm_2(repeated)
        y: Tensor = self.dense(lstm_2)
        return y


def build_model() -> EncoderDecoder:
    """Build the model, with random weights."""
    return EncoderDecoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
