"""PyTorch model autoencoder-reversed-state: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class AutoencoderReversedState(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y       dense(3)
        | | | |
        D<D<D<D---+   lstm(8, name=decoder)
                  |
        E-E-E-E---+   lstm(8, name=encoder)
        | | | |
        X X X X       input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 8, batch_first=True)
        self.decoder = nn.LSTM(1, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, encoder_state = self.encoder(x)
        zeros = x.new_zeros(x.shape[0], 4, 1)
        decoder, _ = self.decoder(zeros, encoder_state)
        # Computed from the last step to the first; in order again.
        decoder = decoder.flip(1)
        y: Tensor = self.dense_y(decoder)
        return y


def build_model() -> AutoencoderReversedState:
    """Build the model, with random weights."""
    return AutoencoderReversedState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
