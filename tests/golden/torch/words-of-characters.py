"""PyTorch model words-of-characters: many-to-many aligned, bidirectional, variable length."""

import torch
from torch import Tensor, nn


class WordsOfCharacters(nn.Module):
    """Map a sequence of grids ``characters`` to a sequence ``y``.

        Y Y ... Y   dense(5, softmax)
        | |     |
        H=H=...=H   lstm(6)
        | |     |
        M M ... M   max(grid)
        | |     |
        D D ... D   dense(7, tanh)
        | |     |
        E E ... E   embedding(4)
        | |     |
        X X ... X   tokens(30, 8, name=characters)

    Shapes, without the batch:
        input characters: (None, 8) int32
        output y: (None, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_e = nn.Embedding(30, 4)
        self.dense_d = nn.Linear(4, 7)
        self.lstm_h = nn.LSTM(7, 6, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(12, 5)

    def forward(self, characters: Tensor) -> Tensor:
        embedding_e = self.embedding_e(characters)
        dense_d = torch.tanh(self.dense_d(embedding_e))
        pooled_m = dense_d.amax(dim=-2)
        lstm_h, _ = self.lstm_h(pooled_m)
        return torch.softmax(self.dense_y(lstm_h), dim=-1)


def build_model() -> WordsOfCharacters:
    """Build the model, with random weights."""
    return WordsOfCharacters()


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(30, (2, 6, 8))
    with torch.no_grad():
        outputs = model(characters)
    print("y", tuple(outputs.shape))
