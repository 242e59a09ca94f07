"""PyTorch model translation-bidirectional: encoder-decoder, bidirectional, state handoff."""

import torch
from torch import Tensor, nn


class TranslationBidirectional(nn.Module):
    """Map 2 sequences to a sequence.

                Y Y Y
                | | |
        E=E=E=E-D-D-D
        | | | | | | |
        X X X X Z Z Z

        X = input(8, name=source)
        Z = input(7, name=target)
        E = lstm(6, name=encoder)
        D = lstm(12, name=decoder)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input source: (4, 8) float32
        input target: (3, 7) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(8, 6, batch_first=True, bidirectional=True)
        self.decoder = nn.LSTM(7, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, encoder_state = self.encoder(source)
        decoder_start = tuple(
            torch.cat((part[0], part[1]), dim=-1).unsqueeze(0) for part in encoder_state
        )
        decoder, _ = self.decoder(target, decoder_start)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> TranslationBidirectional:
    """Build the model, with random weights."""
    return TranslationBidirectional()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 4, 8)
    target = torch.randn(2, 3, 7)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
