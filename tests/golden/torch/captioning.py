"""PyTorch model captioning: many-to-many aligned."""

import torch
from torch import Tensor, nn


class Captioning(nn.Module):
    """Map a vector and a sequence to a sequence.

          Y Y Y Y   dense(30, softmax)
          | | | |
        D-D-D-D-D   lstm(32)
        | | | | |
        | W W W W
        | | | | |
        I X X X X

        I = input(24)
        X = tokens(30)
        W = embedding(24)

    Shapes, without the batch:
        input i: (24,) float32
        input x: (4,) int32
        output y: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 24)
        self.lstm_d = nn.LSTM(24, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 30)

    def forward(self, i: Tensor, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        joined = torch.cat((i.unsqueeze(1), embedding_w), dim=1)
        lstm_d, _ = self.lstm_d(joined)
        return torch.softmax(self.dense_y(lstm_d[:, -4:]), dim=-1)


def build_model() -> Captioning:
    """Build the model, with random weights."""
    return Captioning()


if __name__ == "__main__":
    model = build_model()
    print(model)
    i = torch.randn(2, 24)
    x = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(i, x)
    print("y", tuple(outputs.shape))
