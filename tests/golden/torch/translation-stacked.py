"""PyTorch model translation-stacked: encoder-decoder, stacked 2, state handoff."""

import torch
from torch import Tensor, nn


class TranslationStacked(nn.Module):
    """Map 2 sequences to a sequence.

                Y Y Y
                | | |
        F-F-F---Q-Q-Q
        | | |   | | |
        E-E-E---D-D-D
        | | |   | | |
        M M M   N N N
        | | |   | | |
        X X X   Z Z Z

        X = tokens(20, name=source)
        Z = tokens(25, name=target)
        M = embedding(8)
        N = embedding(8)
        E = lstm(12)
        D = lstm(12)
        F = lstm(10)
        Q = lstm(10)
        Y = dense(25, softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 25)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(20, 8)
        self.embedding_n = nn.Embedding(25, 8)
        self.lstm_e = nn.LSTM(8, 12, batch_first=True)
        self.lstm_d = nn.LSTM(8, 12, batch_first=True)
        self.lstm_f = nn.LSTM(12, 10, batch_first=True)
        self.lstm_q = nn.LSTM(12, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 25)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_m = self.embedding_m(source)
        embedding_n = self.embedding_n(target)
        lstm_e, lstm_e_state = self.lstm_e(embedding_m)
        lstm_d, _ = self.lstm_d(embedding_n, lstm_e_state)
        _, lstm_f_state = self.lstm_f(lstm_e)
        lstm_q, _ = self.lstm_q(lstm_d, lstm_f_state)
        return torch.softmax(self.dense_y(lstm_q), dim=-1)


def build_model() -> TranslationStacked:
    """Build the model, with random weights."""
    return TranslationStacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(20, (2, 3))
    target = torch.randint(25, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
