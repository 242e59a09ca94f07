"""PyTorch model autoencoder-bottleneck: encoder-decoder."""

import torch
from torch import Tensor, nn


class AutoencoderBottleneck(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y Y Y Y Y   dense(6)
                | | | | |
                D-D-D-D-D   lstm(16, name=decoder)
                | | | | |
                +-+-+-+-+
                |
                C           dense(4, relu, name=latent)
                |
        E-E-E-E-E           lstm(16, name=encoder)
        | | | | |
        X X X X X           input(6)

    Shapes, without the batch:
        input x: (5, 6) float32
        output y: (5, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(6, 16, batch_first=True)
        self.latent = nn.Linear(16, 4)
        self.decoder = nn.LSTM(4, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 6)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.encoder(x)
        latent = torch.relu(self.latent(h_n[-1]))
        repeated = latent.unsqueeze(1).expand(-1, 5, -1)
        decoder, _ = self.decoder(repeated)
        y: Tensor = self.dense_y(decoder)
        return y


def build_model() -> AutoencoderBottleneck:
    """Build the model, with random weights."""
    return AutoencoderBottleneck()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
