"""PyTorch model decoder-own-output: encoder-decoder, state handoff, feedback."""

import torch
from torch import Tensor, nn


class DecoderOwnOutput(nn.Module):
    """Map a sequence and a vector to a sequence.

              Y Y Y Y   dense(2)
              | | | |
        E-E-E-D-D-D-D
        | | | | | | |
        X X X S y y y

        X = input(3)
        S = input(2)
        E = gru(8)
        D = gru(8)

    Shapes, without the batch:
        input x: (3, 3) float32
        input s: (2,) float32
        output y: (4, 2)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_e = nn.GRU(3, 8, batch_first=True)
        self.gru_d = nn.GRU(2, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 2)

    def forward(self, x: Tensor, s: Tensor) -> Tensor:
        _, gru_e_state = self.gru_e(x)
        y = s
        gru_d_state = gru_e_state
        y_steps = []
        for _ in range(4):
            gru_d, gru_d_state = self.gru_d(y.unsqueeze(1), gru_d_state)
            gru_d = gru_d.squeeze(1)
            y = self.dense_y(gru_d)
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> DecoderOwnOutput:
    """Build the model, with random weights."""
    return DecoderOwnOutput()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    s = torch.randn(2, 2)
    with torch.no_grad():
        outputs = model(x, s)
    print("y", tuple(outputs.shape))
