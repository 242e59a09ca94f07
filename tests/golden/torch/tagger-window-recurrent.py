"""PyTorch model tagger-window-recurrent: many-to-many aligned."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TaggerWindowRecurrent(nn.Module):
    r"""Map a sequence ``words`` to a sequence ``tags``.

        T    T    T    T    T   dense(4, softmax, name=tags)
        |    |    |    |    |
        H    H    H    H    H   rnn(12)
        |\  /|\  /|\  /|\  /|
        | \/ | \/ | \/ | \/ |
        | /\ | /\ | /\ | /\ |
        |/  \|/  \|/  \|/  \|
        W    W    W    W    W   embedding(8)
        |    |    |    |    |
        X    X    X    X    X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.rnn_h = nn.RNN(24, 12, batch_first=True)
        self.tags = nn.Linear(12, 4)

    def forward(self, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        padded = F.pad(embedding_w[:, :4], (0, 0, 1, 0))
        padded_2 = F.pad(embedding_w[:, -4:], (0, 0, 0, 1))
        joined = torch.cat((padded, embedding_w, padded_2), dim=-1)
        rnn_h, _ = self.rnn_h(joined)
        return torch.softmax(self.tags(rnn_h), dim=-1)


def build_model() -> TaggerWindowRecurrent:
    """Build the model, with random weights."""
    return TaggerWindowRecurrent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(words)
    print("tags", tuple(outputs.shape))
