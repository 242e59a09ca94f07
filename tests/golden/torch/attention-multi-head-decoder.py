"""PyTorch model attention-multi-head-decoder: encoder-decoder, bidirectional, attention."""

import torch
from torch import Tensor, nn


class AttentionMultiHeadDecoder(nn.Module):
    """Map sequences ``x`` and ``z`` to a sequence ``y``.

                    Y   Y   Y
                    |   |   |
                    C   C   C
                   /|  /|  /|
        +-+-+-+---+-|-+-|-+ |
        | | | |     |   |   |
        E=E=E=E     D---D---D
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = input(8)
        Z = input(6)
        E = lstm(6)
        D = lstm(12)
        C = attention(heads=3)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (4, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_e = nn.LSTM(8, 6, batch_first=True, bidirectional=True)
        self.lstm_d = nn.LSTM(6, 12, batch_first=True)
        self.attention_c = nn.MultiheadAttention(12, 3, batch_first=True)
        self.dense_y = nn.Linear(12, 9)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        lstm_e, _ = self.lstm_e(x)
        lstm_d, _ = self.lstm_d(z)
        attention_c, _ = self.attention_c(lstm_d, lstm_e, lstm_e, need_weights=False)
        return torch.softmax(self.dense_y(attention_c), dim=-1)


def build_model() -> AttentionMultiHeadDecoder:
    """Build the model, with random weights."""
    return AttentionMultiHeadDecoder()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 8)
    z = torch.randn(2, 3, 6)
    with torch.no_grad():
        outputs = model(x, z)
    print("y", tuple(outputs.shape))
