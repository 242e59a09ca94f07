"""PyTorch model multi-task-layers: many-to-many aligned, stacked 2, bidirectional."""

import torch
from torch import Tensor, nn


class MultiTaskLayers(nn.Module):
    """Map a sequence ``x`` to sequences ``chunks`` and ``parts``.

        C   C   C   C     dense(6, softmax, name=chunks)
        |   |   |   |
        G===G===G===G     lstm(8)
        |   |   |   |
        | P | P | P | P   dense(5, softmax, name=parts)
        |/  |/  |/  |/
        H===H===H===H     lstm(8)
        |   |   |   |
        X   X   X   X     input(12)

    Shapes, without the batch:
        input x: (4, 12) float32
        output chunks: (4, 6)
        output parts: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(12, 8, batch_first=True, bidirectional=True)
        self.parts = nn.Linear(16, 5)
        self.lstm_g = nn.LSTM(16, 8, batch_first=True, bidirectional=True)
        self.chunks = nn.Linear(16, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        lstm_h, _ = self.lstm_h(x)
        parts = torch.softmax(self.parts(lstm_h), dim=-1)
        lstm_g, _ = self.lstm_g(lstm_h)
        chunks = torch.softmax(self.chunks(lstm_g), dim=-1)
        return chunks, parts


def build_model() -> MultiTaskLayers:
    """Build the model, with random weights."""
    return MultiTaskLayers()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 12)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["chunks", "parts"], outputs, strict=True):
        print(name, tuple(output.shape))
