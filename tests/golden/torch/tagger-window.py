"""PyTorch model tagger-window: many-to-many aligned, convolutional."""

import torch
from torch import Tensor, nn


class TaggerWindow(nn.Module):
    r"""Map a sequence ``words`` to a sequence ``tags``.

        T    T    T    T    T   dense(4, softmax, name=tags)
        |    |    |    |    |
        H    H    H    H    H   dense(16, tanh)
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
        self.conv_h = nn.Conv1d(8, 16, 3, padding=1)
        self.tags = nn.Linear(16, 4)

    def forward(self, words: Tensor) -> Tensor:
        embedding_w = self.embedding_w(words)
        conv_h = torch.tanh(self.conv_h(embedding_w.transpose(1, 2))).transpose(1, 2)
        return torch.softmax(self.tags(conv_h), dim=-1)


def build_model() -> TaggerWindow:
    """Build the model, with random weights."""
    return TaggerWindow()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(words)
    print("tags", tuple(outputs.shape))
