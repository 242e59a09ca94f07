"""PyTorch model translation-reversed-source: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class TranslationReversedSource(nn.Module):
    """Map 2 sequences to a sequence.

                    Y Y Y   dense(9, softmax)
                    | | |
        +-----------D-D-D   lstm(12, name=decoder)
        |           | | |
        +---E<E<E   | | |   lstm(12, name=encoder)
            | | |   | | |
            X X X   Z Z Z

        X = input(8, name=source)
        Z = input(7, name=target)

    Shapes, without the batch:
        input source: (3, 8) float32
        input target: (3, 7) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(8, 12, batch_first=True)
        self.decoder = nn.LSTM(7, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, encoder_state = self.encoder(source.flip(1))
        decoder, _ = self.decoder(target, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> TranslationReversedSource:
    """Build the model, with random weights."""
    return TranslationReversedSource()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 3, 8)
    target = torch.randn(2, 3, 7)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
