"""PyTorch model pre-norm-recurrent: many-to-many aligned, residual."""

import torch
from torch import Tensor, nn


class PreNormRecurrent(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        D | D | D | D |   dropout(0.1)
        | | | | | | | |
        H | H | H | H |   lstm(8)
        | | | | | | | |
        N | N | N | N |   layernorm
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.layernorm_n = nn.LayerNorm(8)
        self.lstm_h = nn.LSTM(8, 8, batch_first=True)
        self.dropout_d = nn.Dropout(0.1)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        lstm_h, _ = self.lstm_h(layernorm_n)
        dropout_d = self.dropout_d(lstm_h)
        add_a = dropout_d + x
        y: Tensor = self.dense_y(add_a)
        return y


def build_model() -> PreNormRecurrent:
    """Build the model, with random weights."""
    return PreNormRecurrent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
