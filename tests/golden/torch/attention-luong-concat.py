"""PyTorch model attention-luong-concat: encoder-decoder, attention, state handoff."""

import torch
from torch import Tensor, nn


class AttentionLuongConcat(nn.Module):
    r"""Map sequences ``x`` and ``z`` to a sequence ``y``.

                    Y     Y     Y     dense(9, softmax)
                    |     |     |
                    T     T     T     dense(10, tanh)
                    |\    |\    |\
                    C |   C |   C |   attention
                   /| |  /| |  /| |
        +-+-+-----+-|-|-+-|-|-+ | |
        | | |       |/    |/    |/
        E-E-E-------D-----D-----D
        | | |       |     |     |
        X X X       Z     Z     Z

        X = input(8)
        Z = input(6)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(8, 12, batch_first=True)
        self.decoder = nn.GRU(6, 12, batch_first=True)
        self.dense_t = nn.Linear(24, 10)
        self.dense_y = nn.Linear(10, 9)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        encoder, encoder_state = self.encoder(x)
        decoder, _ = self.decoder(z, encoder_state)
        weights = torch.softmax(decoder @ encoder.transpose(1, 2), dim=-1)
        attention_c = weights @ encoder
        joined = torch.cat((attention_c, decoder), dim=-1)
        dense_t = torch.tanh(self.dense_t(joined))
        return torch.softmax(self.dense_y(dense_t), dim=-1)


def build_model() -> AttentionLuongConcat:
    """Build the model, with random weights."""
    return AttentionLuongConcat()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
