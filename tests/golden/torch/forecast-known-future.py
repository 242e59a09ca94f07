"""PyTorch model forecast-known-future: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class ForecastKnownFuture(nn.Module):
    """Map sequences ``past`` and ``future`` to a sequence ``y``.

                    Y Y Y   dense(1)
                    | | |
        E-E-E-E-E---D-D-D
        | | | | |   | | |
        X X X X X   Z Z Z

        X = input(6, name=past)
        Z = input(4, name=future)
        E = lstm(16, name=encoder)
        D = lstm(16, name=decoder)

    Shapes, without the batch:
        input past: (5, 6) float32
        input future: (3, 4) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(6, 16, batch_first=True)
        self.decoder = nn.LSTM(4, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 1)

    def forward(self, past: Tensor, future: Tensor) -> Tensor:
        _, encoder_state = self.encoder(past)
        decoder, _ = self.decoder(future, encoder_state)
        y: Tensor = self.dense_y(decoder)
        return y


def build_model() -> ForecastKnownFuture:
    """Build the model, with random weights."""
    return ForecastKnownFuture()


if __name__ == "__main__":
    model = build_model()
    print(model)
    past = torch.randn(2, 5, 6)
    future = torch.randn(2, 3, 4)
    with torch.no_grad():
        outputs = model(past, future)
    print("y", tuple(outputs.shape))
