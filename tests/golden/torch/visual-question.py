"""PyTorch model visual-question: many-to-one."""

import torch
from torch import Tensor, nn


class VisualQuestion(nn.Module):
    """Map a vector and a sequence to a vector.

              Y       dense(9, softmax)
              |
              M       multiply
              |
        +-----+---+
        |         |
        |         Q
        |         |
        |   H-H-H-H
        |   | | | |
        F   W W W W
        |   | | | |
        I   X X X X

        I = input(24, name=image)
        X = tokens(30, name=question)
        W = embedding(8)
        H = lstm(10)
        F = dense(16, tanh)
        Q = dense(16, tanh)

    Shapes, without the batch:
        input image: (24,) float32
        input question: (4,) int32
        output y: (9,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(24, 16)
        self.embedding_w = nn.Embedding(30, 8)
        self.lstm_h = nn.LSTM(8, 10, batch_first=True)
        self.dense_q = nn.Linear(10, 16)
        self.dense_y = nn.Linear(16, 9)

    def forward(self, image: Tensor, question: Tensor) -> Tensor:
        dense_f = torch.tanh(self.dense_f(image))
        embedding_w = self.embedding_w(question)
        _, (h_n, _) = self.lstm_h(embedding_w)
        dense_q = torch.tanh(self.dense_q(h_n[-1]))
        multiply_m = dense_f * dense_q
        return torch.softmax(self.dense_y(multiply_m), dim=-1)


def build_model() -> VisualQuestion:
    """Build the model, with random weights."""
    return VisualQuestion()


if __name__ == "__main__":
    model = build_model()
    print(model)
    image = torch.randn(2, 24)
    question = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(image, question)
    print("y", tuple(outputs.shape))
