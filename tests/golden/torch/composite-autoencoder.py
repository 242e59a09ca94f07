"""PyTorch model composite-autoencoder: encoder-decoder."""

import torch
from torch import Tensor, nn


class CompositeAutoencoder(nn.Module):
    """Map a sequence ``x`` to sequences ``r`` and ``p``.

                R R R R   P P P
                | | | |   | | |
                G-G-G-G   F-F-F
                | | | |   | | |
              +-+-+-+-+---+-+-+
              |
        E-E-E-E
        | | | |
        X X X X

        X = input(8)
        E = lstm(16)
        G = lstm(16)
        F = lstm(16)
        R = dense(8)
        P = dense(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output r: (4, 8)
        output p: (3, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_e = nn.LSTM(8, 16, batch_first=True)
        self.lstm_g = nn.LSTM(16, 16, batch_first=True)
        self.lstm_f = nn.LSTM(16, 16, batch_first=True)
        self.dense_r = nn.Linear(16, 8)
        self.dense_p = nn.Linear(16, 8)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        _, (h_n, _) = self.lstm_e(x)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 4, -1)
        lstm_g, _ = self.lstm_g(repeated)
        repeated_2 = h_n[-1].unsqueeze(1).expand(-1, 3, -1)
        lstm_f, _ = self.lstm_f(repeated_2)
        r = self.dense_r(lstm_g)
        p = self.dense_p(lstm_f)
        return r, p


def build_model() -> CompositeAutoencoder:
    """Build the model, with random weights."""
    return CompositeAutoencoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["r", "p"], outputs, strict=True):
        print(name, tuple(output.shape))
