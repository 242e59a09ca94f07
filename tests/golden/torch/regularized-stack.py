"""PyTorch model regularized-stack: many-to-one, stacked 2."""

import torch
from torch import Tensor, nn


class RegularizedStack(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(1)
                |
        G G G G G   lstm(8)
        | | | | |
        P P P P P   dropout(0.3)
        | | | | |
        B B B B B   batchnorm
        | | | | |
        H H H H H   lstm(12)
        | | | | |
        N N N N N   layernorm
        | | | | |
        X X X X X   input(6)

    Shapes, without the batch:
        input x: (5, 6) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.layernorm_n = nn.LayerNorm(6)
        self.lstm_h = nn.LSTM(6, 12, batch_first=True)
        self.batchnorm_b = nn.BatchNorm1d(12)
        self.dropout_p = nn.Dropout(0.3)
        self.lstm_g = nn.LSTM(12, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
        lstm_h, _ = self.lstm_h(layernorm_n)
        batchnorm_b = self.batchnorm_b(lstm_h.transpose(1, 2))
        dropout_p = self.dropout_p(batchnorm_b).transpose(1, 2)
        _, (h_n, _) = self.lstm_g(dropout_p)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> RegularizedStack:
    """Build the model, with random weights."""
    return RegularizedStack()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 6)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
