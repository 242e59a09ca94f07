"""PyTorch model words-to-sentences-bidirectional: graph, stacked 2, bidirectional."""

import torch
from torch import Tensor, nn


class WordsToSentencesBidirectional(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                Y           Y   dense(4, softmax)
                |           |
                S===========S   lstm(7, name=sentences)
                |           |
        H=H=H---+   H=H=H---+   lstm(5, name=words)
        | | |       | | |
        X X X       X X X       input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (2, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.LSTM(8, 5, batch_first=True, bidirectional=True)
        self.sentences = nn.LSTM(10, 7, batch_first=True, bidirectional=True)
        self.dense_y = nn.Linear(14, 4)

    def forward(self, x: Tensor) -> Tensor:
        # The 2 chains run as one batch.
        chains = x.reshape(-1, 3, 8)
        _, (h_n, _) = self.words(chains)
        words_final = torch.cat((h_n[0], h_n[1]), dim=-1).reshape(-1, 2, 10)
        sentences, _ = self.sentences(words_final)
        return torch.softmax(self.dense_y(sentences), dim=-1)


def build_model() -> WordsToSentencesBidirectional:
    """Build the model, with random weights."""
    return WordsToSentencesBidirectional()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 8)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
