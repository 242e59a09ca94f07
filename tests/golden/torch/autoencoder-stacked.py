"""PyTorch model autoencoder-stacked: encoder-decoder, stacked 2."""

import torch
from torch import Tensor, nn


class AutoencoderStacked(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(3)
                | | | |
                O O O O   lstm(16)
                | | | |
                O O O O   lstm(8)
                | | | |
              +-+-+-+-+
              |
        O O O O           lstm(8)
        | | | |
        O O O O           lstm(16)
        | | | |
        X X X X           input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_1 = nn.LSTM(3, 16, batch_first=True)
        self.lstm_2 = nn.LSTM(16, 8, batch_first=True)
        self.lstm_3 = nn.LSTM(8, 8, batch_first=True)
        self.lstm_4 = nn.LSTM(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        lstm_1, _ = self.lstm_1(x)
        _, (h_n, _) = self.lstm_2(lstm_1)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 4, -1)
        lstm_3, _ = self.lstm_3(repeated)
        lstm_4, _ = self.lstm_4(lstm_3)
        y: Tensor = self.dense_y(lstm_4)
        return y


def build_model() -> AutoencoderStacked:
    """Build the model, with random weights."""
    return AutoencoderStacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
