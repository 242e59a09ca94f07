"""PyTorch model translation: encoder-decoder, state handoff."""

import torch
from torch import Tensor, nn


class Translation(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

                    Y Y Y Y Y
                    | | | | |
        E-E-E-E-E-E-D-D-D-D-D
        | | | | | | | | | | |
        M M M M M M N N N N N
        | | | | | | | | | | |
        X X X X X X Z Z Z Z Z

        X = tokens(40)
        Z = tokens(50)
        M = embedding(24)
        N = embedding(24)
        E = lstm(32, name=encoder)
        D = lstm(32, name=decoder)
        Y = dense(50, softmax)

    Shapes, without the batch:
        input x: (6,) int32
        input z: (5,) int32
        output y: (5, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(40, 24)
        self.embedding_n = nn.Embedding(50, 24)
        self.encoder = nn.LSTM(24, 32, batch_first=True)
        self.decoder = nn.LSTM(24, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 50)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        embedding_m = self.embedding_m(x)
        embedding_n = self.embedding_n(z)
        _, encoder_state = self.encoder(embedding_m)
        decoder, _ = self.decoder(embedding_n, encoder_state)
        return torch.softmax(self.dense_y(decoder), dim=-1)


def build_model() -> Translation:
    """Build the model, with random weights."""
    return Translation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(40, (2, 6))
    z = torch.randint(50, (2, 5))
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
