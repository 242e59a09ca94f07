"""PyTorch model autoencoder: encoder-decoder."""

import torch
from torch import Tensor, nn


class Autoencoder(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(3)
                | | | |
                D-D-D-D   lstm(8, name=decoder)
                | | | |
              +-+-+-+-+
              |
        E-E-E-E           lstm(8, name=encoder)
        | | | |
        X X X X           input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 8, batch_first=True)
        self.decoder = nn.LSTM(8, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.encoder(x)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 4, -1)
        decoder, _ = self.decoder(repeated)
        y: Tensor = self.dense_y(decoder)
        return y


def build_model() -> Autoencoder:
    """Build the model, with random weights."""
    return Autoencoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
