"""PyTorch model bidirectional-final-state: many-to-one, bidirectional."""

import torch
from torch import Tensor, nn


class BidirectionalFinalState(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                    Y   dense(1, sigmoid)
                    |
        B=B=B=B=B---+
        | | | | |
        X X X X X

        B = lstm(16)
        X = input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_b = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(32, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_b(x)
        lstm_b_final = torch.cat((h_n[0], h_n[1]), dim=-1)
        return torch.sigmoid(self.dense_y(lstm_b_final))


def build_model() -> BidirectionalFinalState:
    """Build the model, with random weights."""
    return BidirectionalFinalState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
