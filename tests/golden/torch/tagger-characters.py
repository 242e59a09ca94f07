"""PyTorch model tagger-characters: many-to-many aligned, bidirectional."""

import torch
from torch import Tensor, nn


class TaggerCharacters(nn.Module):
    r"""Map a sequence of grids and a sequence to a sequence.

        Y   Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |   |
        H===H===H===H===H     lstm(4)
        |\  |\  |\  |\  |\
        M | M | M | M | M |   max(grid)
        | | | | | | | | | |
        D | D | D | D | D |   dense(6, tanh)
        | | | | | | | | | |
        C | C | C | C | C |   embedding(5)
        | | | | | | | | | |
        X | X | X | X | X |   tokens(30, 8, name=characters)
          |   |   |   |   |
          E   E   E   E   E   embedding(7)
          |   |   |   |   |
          W   W   W   W   W   tokens(40, name=words)

    Shapes, without the batch:
        input characters: (5, 8) int32
        input words: (5,) int32
        output y: (5, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_e = nn.Embedding(40, 7)
        self.embedding_c = nn.Embedding(30, 5)
        self.dense_d = nn.Linear(5, 6)
        self.lstm_h = nn.LSTM(13, 4, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(8, 5)

    def forward(self, characters: Tensor, words: Tensor) -> Tensor:
        embedding_e = self.embedding_e(words)
        embedding_c = self.embedding_c(characters)
        dense_d = torch.tanh(self.dense_d(embedding_c))
        pooled_m = dense_d.amax(dim=-2)
        joined = torch.cat((pooled_m, embedding_e), dim=-1)
        lstm_h, _ = self.lstm_h(joined)
        return torch.softmax(self.dense_y(lstm_h), dim=-1)


def build_model() -> TaggerCharacters:
    """Build the model, with random weights."""
    return TaggerCharacters()


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(30, (2, 5, 8))
    words = torch.randint(40, (2, 5))
    with torch.no_grad():
        outputs = model(characters, words)
    print("y", tuple(outputs.shape))
