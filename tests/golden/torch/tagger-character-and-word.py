"""PyTorch model tagger-character-and-word: many-to-many aligned, bidirectional."""

import torch
from torch import Tensor, nn


class TaggerCharacterAndWord(nn.Module):
    r"""Map 2 sequences to a sequence.

        T   T   T   T     dense(5, softmax, name=tags)
        |   |   |   |
        H===H===H===H     lstm(8)
        |\  |\  |\  |\
        W | W | W | W |
        | | | | | | | |
        | S | S | S | S
        |   |   |   |
        X   X   X   X

        X = tokens(30, name=words)
        W = embedding(10)
        S = input(3, name=shapes)

    Shapes, without the batch:
        input words: (4,) int32
        input shapes: (4, 3) float32
        output tags: (4, 5)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 10)
        self.lstm_h = nn.LSTM(13, 8, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(16, 5)

    def forward(self, words: Tensor, shapes: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        joined = torch.cat((embedding_w, shapes), dim=-1)
        lstm_h, _ = self.lstm_h(joined)
        return torch.softmax(self.tags(lstm_h), dim=-1)


def build_model() -> TaggerCharacterAndWord:
    """Build the model, with random weights."""
    return TaggerCharacterAndWord()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 4))
    shapes = torch.randn(2, 4, 3)
    with torch.no_grad():
        outputs = model(words, shapes)
    print("tags", tuple(outputs.shape))
