"""PyTorch model speech-lstm-projected: many-to-many aligned, stacked 2, variable length."""

import torch
from torch import Tensor, nn


class SpeechLstmProjected(nn.Module):
    """Map a sequence ``x`` to a sequence ``p``.

        P P ... P   dense(20, softmax)
        | |     |
        G-G-...-G   lstm(24, projection=8)
        | |     |
        H-H-...-H   lstm(24, projection=8)
        | |     |
        X X ... X   input(12)

    Shapes, without the batch:
        input x: (None, 12) float32
        output p: (None, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        # lstm_h and lstm_g, from the bottom up.
        self.lstm_h = nn.LSTM(12, 24, proj_size=8, num_layers=2, batch_first=True)
        self.dense_p = nn.Linear(8, 20)

    def forward(self, x: Tensor) -> Tensor:
        lstm_h, _ = self.lstm_h(x)
        return torch.softmax(self.dense_p(lstm_h), dim=-1)


def build_model() -> SpeechLstmProjected:
    """Build the model, with random weights."""
    return SpeechLstmProjected()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 12)
    with torch.no_grad():
        outputs = model(x)
    print("p", tuple(outputs.shape))
