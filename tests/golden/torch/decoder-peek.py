"""PyTorch model decoder-peek: encoder-decoder."""

import torch
from torch import Tensor, nn


class DecoderPeek(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y   dense(9, softmax)
                    |   |   |
                    D---D---D   gru(10, name=decoder)
                   /|  /|  /|
              +---+-|-+-|-+ |
              |     |   |   |
        E-E-E-E     |   |   |   gru(8, name=encoder)
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = input(6, name=source)
        Z = input(5, name=target)

    Shapes, without the batch:
        input source: (4, 6) float32
        input target: (3, 5) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(6, 8, batch_first=True)
        self.decoder = nn.GRU(13, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 9)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, h_n = self.encoder(source)
        repeated = h_n[-1].unsqueeze(1).expand(-1, 3, -1)
        joined = torch.cat((repeated, target), dim=-1)
        decoder, _ = self.decoder(joined)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> DecoderPeek:
    """Build the model, with random weights."""
    return DecoderPeek()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randn(2, 4, 6)
    target = torch.randn(2, 3, 5)
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
