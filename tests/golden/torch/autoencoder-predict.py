"""PyTorch model autoencoder-predict: encoder-decoder."""

import torch
from torch import Tensor, nn


class AutoencoderPredict(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                  Y Y   dense(3)
                  | |
                  D-D   gru(8, name=decoder)
                  | |
                +-+-+
                |
        E-E-E-E-E       gru(8, name=encoder)
        | | | | |
        X X X X X       input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 8, batch_first=True)
        self.decoder = nn.GRU(8, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, h_n = self.encoder(x)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 2, -1)
        decoder, _ = self.decoder(repeated)
        y: Tensor = self.dense_y(decoder)
        return y


def build_model() -> AutoencoderPredict:
    """Build the model, with random weights."""
    return AutoencoderPredict()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
