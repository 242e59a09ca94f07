"""PyTorch model attention-decoder: encoder-decoder, attention, state handoff."""

import torch
from torch import Tensor, nn


class AttentionDecoder(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

                  Y   Y   Y
                  |   |   |
                  C   C   C
                 /|  /|  /|
        +-+-+---+-|-+-|-+ |
        | | |     |   |   |
        E-E-E-----D---D---D
        | | |     |   |   |
        X X X     Z   Z   Z

        X = input(8)
        Z = input(6)
        E = gru(16)
        D = gru(16)
        C = attention
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_e = nn.GRU(8, 16, batch_first=True)
        self.gru_d = nn.GRU(6, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 9)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        gru_e, gru_e_state = self.gru_e(x)
        gru_d, _ = self.gru_d(z, gru_e_state)
        weights = torch.softmax(gru_d @ gru_e.transpose(1, 2), dim=-1)
        attention_c = weights @ gru_e
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> AttentionDecoder:
    """Build the model, with random weights."""
    return AttentionDecoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 8)
    z = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
