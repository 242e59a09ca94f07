"""PyTorch model speech-middle-frame: many-to-one, bidirectional."""

import torch
from torch import Tensor, nn


class SpeechMiddleFrame(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

              Y         dense(12, softmax)
              |
        H=H=H=H=H=H=H   lstm(8)
        | | | | | | |
        X X X X X X X   input(13)

    Shapes, without the batch:
        input x: (7, 13) float32
        output y: (12,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(13, 8, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(16, 12)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        return torch.softmax(self.dense_y(lstm_h[:, 3]), dim=-1)


def build_model() -> SpeechMiddleFrame:
    """Build the model, with random weights."""
    return SpeechMiddleFrame()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 7, 13)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
