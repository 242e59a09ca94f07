"""PyTorch model pasted-arrows: many-to-many aligned."""

import torch
from torch import Tensor, nn


class PastedArrows(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        O O O O   dense(5, softmax)
        ^ ^ ^ ^
        O>O>O>O   lstm(6)
        ^ ^ ^ ^
        O O O O   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 6, batch_first=True)
        self.dense = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        lstm, _ = self.lstm(x)
        return torch.softmax(self.dense(lstm), dim=-1)


def build_model() -> PastedArrows:
    """Build the model, with random weights."""
    return PastedArrows()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
