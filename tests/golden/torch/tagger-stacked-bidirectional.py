"""PyTorch model tagger-stacked-bidirectional: many-to-many aligned, stacked 2, bidirectional."""

import torch
from torch import Tensor, nn


class TaggerStackedBidirectional(nn.Module):
    """Map a sequence ``words`` to a sequence ``tags``.

        T T T T T   dense(9, softmax, name=tags)
        | | | | |
        G=G=G=G=G   lstm(8)
        | | | | |
        H=H=H=H=H   lstm(8)
        | | | | |
        W W W W W   embedding(12)
        | | | | |
        X X X X X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 9)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 12)
        # lstm_h and lstm_g, from the bottom up.
        self.lstm_h = nn.LSTM(12, 8, num_layers=2, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(16, 9)

    def forward(self, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        lstm_h, _ = self.lstm_h(embedding_w)
        return torch.softmax(self.tags(lstm_h), dim=-1)


def build_model() -> TaggerStackedBidirectional:
    """Build the model, with random weights."""
    return TaggerStackedBidirectional()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(words)
    print("tags", tuple(outputs.shape))
