"""PyTorch model tagger: many-to-many aligned."""

import torch
from torch import Tensor, nn


class Tagger(nn.Module):
    """Map a sequence ``words`` to a sequence ``tags``.

        T T T T T   dense(4, log_softmax, name=tags)
        | | | | |
        H H H H H   lstm(6)
        | | | | |
        W W W W W   embedding(7)
        | | | | |
        X X X X X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 7)
        self.lstm_h = nn.LSTM(7, 6, batch_first=True)
        self.tags = nn.Linear(6, 4)

    def forward(self, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        lstm_h, _ = self.lstm_h(embedding_w)
        return torch.log_softmax(self.tags(lstm_h), dim=-1)


def build_model() -> Tagger:
    """Build the model, with random weights."""
    return Tagger()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(words)
    print("tags", tuple(outputs.shape))
