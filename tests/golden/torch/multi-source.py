"""PyTorch model multi-source: encoder-decoder."""

import torch
from torch import Tensor, nn


class MultiSource(nn.Module):
    """Map 2 sequences to a sequence.

                    Y Y Y Y   dense(9, softmax)
                    | | | |
                    D-D-D-D   gru(10, name=decoder)
                    | | | |
                  +-+-+-+-+
                  |
                  C           dense(12, tanh)
                  |
            +-----+-+
            |       |
        E-E-E   F-F-F
        | | |   | | |
        X X X   Z Z Z

        X = input(6, name=french)
        Z = input(7, name=german)
        E = gru(8)
        F = gru(8)

    Shapes, without the batch:
        input french: (3, 6) float32
        input german: (3, 7) float32
        output y: (4, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_e = nn.GRU(6, 8, batch_first=True)
        self.gru_f = nn.GRU(7, 8, batch_first=True)
        self.dense_c = nn.Linear(16, 12)
        self.decoder = nn.GRU(12, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 9)

    def forward(self, french: Tensor, german: Tensor) -> Tensor:
        _, gru_e_hidden = self.gru_e(french)
        _, gru_f_hidden = self.gru_f(german)
        joined = torch.cat((gru_e_hidden[-1], gru_f_hidden[-1]), dim=-1)
        dense_c = torch.tanh(self.dense_c(joined))
        repeated = dense_c.unsqueeze(1).expand(-1, 4, -1)
        decoder, _ = self.decoder(repeated)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> MultiSource:
    """Build the model, with random weights."""
    return MultiSource()


if __name__ == "__main__":
    model = build_model()
    print(model)
    french = torch.randn(2, 3, 6)
    german = torch.randn(2, 3, 7)
    with torch.no_grad():
        outputs = model(french, german)
    print("y", tuple(outputs.shape))
