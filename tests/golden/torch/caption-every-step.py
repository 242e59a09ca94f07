"""PyTorch model caption-every-step: many-to-many aligned."""

import torch
from torch import Tensor, nn


class CaptionEveryStep(nn.Module):
    """Map a vector and a sequence to a sequence.

          Y   Y   Y   Y   dense(30, softmax)
          |   |   |   |
          D---D---D---D   lstm(32)
         /|  /|  /|  /|
        +-|-+-|-+-|-+ |
        | |   |   |   |
        F W   W   W   W
        | |   |   |   |
        I X   X   X   X

        I = input(24, name=image)
        F = dense(16, relu)
        X = tokens(30, name=words)
        W = embedding(12)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (4,) int32
        output y: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 16)
        self.embedding_w = nn.Embedding(30, 12)
        self.lstm_d = nn.LSTM(28, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 30)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        dense_f = torch.relu(self.dense_f(image))
        embedding_w = self.embedding_w(words)
        repeated = dense_f.unsqueeze(1).expand(-1, 4, -1)
        joined = torch.cat((repeated, embedding_w), dim=-1)
        lstm_d, _ = self.lstm_d(joined)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)


def build_model() -> CaptionEveryStep:
    """Build the model, with random weights."""
    return CaptionEveryStep()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 24)
    words = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(image, words)
    print("y", tuple(outputs.shape))
