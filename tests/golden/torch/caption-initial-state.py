"""PyTorch model caption-initial-state: many-to-many aligned."""

import torch
from torch import Tensor, nn


class CaptionInitialState(nn.Module):
    """Map a vector and a sequence to a sequence.

            Y Y Y Y   dense(30, softmax)
            | | | |
        +---D-D-D-D   lstm(32)
        |   | | | |
        F   W W W W
        |   | | | |
        I   X X X X

        I = input(24, name=image)
        F = dense(32, tanh)
        X = tokens(30, name=words)
        W = embedding(12)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (4,) int32
        output y: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 32)
        self.embedding_w = nn.Embedding(30, 12)
        self.lstm_d = nn.LSTM(12, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 30)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        dense_f = torch.tanh(self.dense_f(image))
        embedding_w = self.embedding_w(words)
        lstm_d_start = dense_f.unsqueeze(0)
        lstm_d, _ = self.lstm_d(embedding_w, (lstm_d_start, lstm_d_start))
        return torch.softmax(self.dense_y(lstm_d), dim=-1)


def build_model() -> CaptionInitialState:
    """Build the model, with random weights."""
    return CaptionInitialState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 24)
    words = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(image, words)
    print("y", tuple(outputs.shape))
