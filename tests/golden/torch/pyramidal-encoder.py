"""PyTorch model pyramidal-encoder: graph, stacked 3, bidirectional."""

import torch
from torch import Tensor, nn


class PyramidalEncoder(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``q``.

              Q===============Q
             / \             / \
            /   \           /   \
           /     \         /     \
          P=======P=======P=======P
         / \     / \     / \     / \
        B===B===B===B===B===B===B===B
        |   |   |   |   |   |   |   |
        X   X   X   X   X   X   X   X

        X = input(6)
        B = lstm(3)
        P = lstm(5)
        Q = lstm(6)

    Shapes, without the batch:
        input x: (8, 6) float32
        output q: (2, 12)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_b = nn.LSTM(6, 3, batch_first=True, bidirectional=True)
        self.lstm_p = nn.LSTM(12, 5, batch_first=True, bidirectional=True)
        self.lstm_q = nn.LSTM(20, 6, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        lstm_b, _ = self.lstm_b(x)
        joined = torch.cat((lstm_b[:, ::2], lstm_b[:, 1::2]), dim=-1)
        lstm_p, _ = self.lstm_p(joined)
        joined_2 = torch.cat((lstm_p[:, ::2], lstm_p[:, 1::2]), dim=-1)
        q: Tensor
        q, _ = self.lstm_q(joined_2)
        return q


def build_model() -> PyramidalEncoder:
    """Build the model, with random weights."""
    return PyramidalEncoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 8, 6)
    with torch.no_grad():
        outputs = model(x)
    print("q", tuple(outputs.shape))
