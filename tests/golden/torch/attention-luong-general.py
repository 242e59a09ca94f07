"""PyTorch model attention-luong-general: encoder-decoder, bidirectional, attention."""

import torch
from torch import Tensor, nn


class AttentionLuongGeneral(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``c``.

        K K K   C C C
        | | |   | | |
        E=E=E   D-D-D
        | | |   | | |
        X X X   Z Z Z

        X = input(8)
        Z = input(6)
        E = gru(5, name=encoder)
        D = gru(12, name=decoder)
        K = dense(12, bias=false, name=keys)
        C = attention(E, keys=K)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output c: (3, 10)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(8, 5, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(6, 12, batch_first=True)
        self.keys = nn.Linear(10, 12, bias=False)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        encoder, _ = self.encoder(x)
        decoder, _ = self.decoder(z)
        keys = self.keys(encoder)
        weights = torch.softmax(decoder @ keys.transpose(1, 2), dim=-1)
        c: Tensor = weights @ encoder
        return c


def build_model() -> AttentionLuongGeneral:
    """Build the model, with random weights."""
    return AttentionLuongGeneral()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x, z)
    print("c", tuple(outputs.shape))
