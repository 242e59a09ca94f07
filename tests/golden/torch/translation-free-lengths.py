"""PyTorch model translation-free-lengths: encoder-decoder, state handoff, variable length."""

import torch
from torch import Tensor, nn


class TranslationFreeLengths(nn.Module):
    """Map 2 sequences to a sequence.

                    Y ..t.. Y   dense(9, softmax)
                    |       |
        E-..s..-E---D-..t..-D
        |       |   |       |
        X ..s.. X   Z ..t.. Z

        X = input(8, name=source)
        Z = input(7, name=target)
        E = lstm(12, name=encoder)
        D = lstm(12, name=decoder)

    Shapes, without the batch:
        input source: (s, 8) float32
        input target: (t, 7) float32
        output y: (t, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(8, 12, batch_first=True)
        self.decoder = nn.LSTM(7, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, encoder_state = self.encoder(source)
        decoder, _ = self.decoder(target, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> TranslationFreeLengths:
    """Build the model, with random weights."""
    return TranslationFreeLengths()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 5, 8)
    target = torch.randn(2, 5, 7)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
