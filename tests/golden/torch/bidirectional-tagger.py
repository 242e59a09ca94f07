"""PyTorch model bidirectional-tagger: many-to-many aligned, bidirectional."""

import torch
from torch import Tensor, nn


class BidirectionalTagger(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y   dense(7, softmax)
        | | | | |
        B=B=B=B=B   lstm(16)
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (5, 7)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_b = nn.LSTM(8, 16, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(32, 7)

    def forward(self, x: Tensor) -> Tensor:
        lstm_b, _ = self.lstm_b(x)
        return torch.softmax(self.dense_y(lstm_b), dim=-1)


def build_model() -> BidirectionalTagger:
    """Build the model, with random weights."""
    return BidirectionalTagger()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
