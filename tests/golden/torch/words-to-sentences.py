"""PyTorch model words-to-sentences: many-to-one, stacked 2."""

import torch
from torch import Tensor, nn


class WordsToSentences(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                    Y   dense(2, softmax)
                    |
            S-------S   gru(12, name=sentences)
            |       |
        H-H-H   H-H-H   gru(10, name=words)
        | | |   | | |
        W W W   W W W   embedding(8)
        | | |   | | |
        X X X   X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output y: (2,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.words = nn.GRU(8, 10, batch_first=True)
        self.sentences = nn.GRU(10, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        # The 2 chains run as one batch.
        chains = embedding_w.reshape(-1, 3, 8)
        _, words_hidden = self.words(chains)
        words_final = words_hidden[-1].reshape(-1, 2, 10)
        _, sentences_hidden = self.sentences(words_final)
        return torch.softmax(self.dense_y(sentences_hidden[-1]), dim=-1)


def build_model() -> WordsToSentences:
    """Build the model, with random weights."""
    return WordsToSentences()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
