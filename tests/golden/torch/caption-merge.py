"""PyTorch model caption-merge: many-to-one."""

import torch
from torch import Tensor, nn


class CaptionMerge(nn.Module):
    """Map a vector and a sequence to a vector.

            Y       dense(30, softmax)
            |
            Q       dense(20, relu)
            |
            A       add
            |
        +---+---+
        |       |
        F   H-H-H
        |   | | |
        |   W W W
        |   | | |
        I   X X X

        I = input(24, name=image)
        F = dense(16, relu)
        X = tokens(30, name=words)
        W = embedding(12)
        H = lstm(16)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (3,) int32
        output y: (30,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 12)
        self.dense_f = nn.Linear(24, 16)
        self.lstm_h = nn.LSTM(12, 16, batch_first=True)
        self.dense_q = nn.Linear(16, 20)
        self.dense_y = nn.Linear(20, 30)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        dense_f = torch.relu(self.dense_f(image))
        _, (h_n, _) = self.lstm_h(embedding_w)
        add_a = dense_f + h_n[-1]
        dense_q = torch.relu(self.dense_q(add_a))
        return torch.softmax(self.dense_y(dense_q), dim=-1)


def build_model() -> CaptionMerge:
    """Build the model, with random weights."""
    return CaptionMerge()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 24)
    words = torch.randint(30, (2, 3))
    with torch.no_grad():
        outputs = model(image, words)
    print("y", tuple(outputs.shape))
