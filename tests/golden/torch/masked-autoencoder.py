"""PyTorch model masked-autoencoder: encoder-decoder, masked."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class MaskedAutoencoder(nn.Module):
    """The model.

                  Y Y Y Y   dense(3)
                  | | | |
                  D-D-D-D   lstm(8, name=decoder)
                  | | | |
                +-+-+-+-+
                |
        E-E-E-E-+           lstm(8, name=encoder)
        | | | |
        X X X X             input(3, mask=0)

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
        mask = (x != 0).any(dim=-1)
        lengths = mask.sum(dim=1)
        packed = pack_padded_sequence(
            x,
            lengths.cpu(),
            batch_first=True,
            enforce_sorted=False,
        )
        _, (encoder_h, _) = self.encoder(packed)
        repeated = encoder_h[-1].unsqueeze(1).expand(-1, 4, -1)
        decoder, _ = self.decoder(repeated)
        return self.dense_y(decoder)


def build_model() -> MaskedAutoencoder:
    """Build the model."""
    return MaskedAutoencoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
