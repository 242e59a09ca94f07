"""PyTorch model tower: many-to-one, variable length."""

import torch
from torch import Tensor, nn


class Tower(nn.Module):
    """Map a sequence ``x`` to a vector ``v``.

                V
                |
        H H ... H   lstm(16)
        | |     |
        W W ... W   embedding(8)
        | |     |
        X X ... X   tokens(100)

    Shapes, without the batch:
        input x: (None,) int32
        output v: (16,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(100, 8)
        self.lstm_h = nn.LSTM(8, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        _, (h_n, _) = self.lstm_h(embedding_w)
        v: Tensor = h_n[-1]
        return v


def build_model() -> Tower:
    """Build the model, with random weights."""
    return Tower()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(100, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("v", tuple(outputs.shape))
