"""PyTorch model translation-any-width: encoder-decoder, bidirectional, state handoff."""

import torch
from torch import Tensor, nn


class TranslationAnyWidth(nn.Module):
    """Map sequences ``s`` and ``t`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E---D-D-D
        | | | |   | | |
        W W W W   V V V
        | | | |   | | |
        S S S S   T T T

        S = tokens(40)
        T = tokens(words)
        W = embedding(units)
        V = embedding(units)
        E = lstm(units)
        D = lstm(2 * units)
        Y = dense(words, softmax)
        units = 8
        words = 30

    Shapes, without the batch:
        input s: (4,) int32
        input t: (3,) int32
        output y: (3, words)
    """

    def __init__(self, units: int = 8, words: int = 30) -> None:
        super().__init__()
        self.words = words
        self.embedding_w = nn.Embedding(40, units)
        self.embedding_v = nn.Embedding(words, units)
        self.lstm_e = nn.LSTM(units, units, batch_first=True, bidirectional=True)
        self.lstm_d = nn.LSTM(units, 2 * units, batch_first=True)
        self.dense_y = nn.Linear(2 * units, words)

    def forward(self, s: Tensor, t: Tensor) -> Tensor:
        embedding_w = self.embedding_w(s)
        embedding_v = self.embedding_v(t)
        _, lstm_e_state = self.lstm_e(embedding_w)
        lstm_d_start = tuple(
            torch.cat((part[0], part[1]), dim=-1).unsqueeze(0) for part in lstm_e_state
        )
        lstm_d, _ = self.lstm_d(embedding_v, lstm_d_start)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)


def build_model(units: int = 8, words: int = 30) -> TranslationAnyWidth:
    """Build the model, with random weights."""
    return TranslationAnyWidth(units=units, words=words)


if __name__ == "__main__":
    model = build_model()
    print(model)
    s = torch.randint(40, (2, 4))
    t = torch.randint(model.words, (2, 3))
    with torch.no_grad():
        outputs = model(s, t)
    print("y", tuple(outputs.shape))
