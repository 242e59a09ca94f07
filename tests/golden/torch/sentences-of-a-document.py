"""PyTorch model sentences-of-a-document: many-to-one."""

import torch
from torch import Tensor, nn


class Line(nn.Module):
    """Map a sequence ``x`` to a vector ``s``.

                S   dense(4, tanh)
                |
        H H H H H   gru(6)
        | | | | |
        W W W W W   embedding(5)
        | | | | |
        X X X X X   tokens(40)

    Shapes, without the batch:
        input x: (5,) int32
        output s: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 5)
        self.gru_h = nn.GRU(5, 6, batch_first=True)
        self.dense_s = nn.Linear(6, 4)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        _, h_n = self.gru_h(embedding_w)
        return torch.tanh(self.dense_s(h_n[-1]))


class SentencesOfADocument(nn.Module):
    """Map a sequence of grids ``words`` to a vector ``y``.

              Y   dense(3, softmax)
              |
        D D D D   gru(7)
        | | | |
        S S S S   line
        | | | |
        X X X X   tokens(40, 5, name=words)

    Shapes, without the batch:
        input words: (4, 5) int32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.line_s = Line()
        self.gru_d = nn.GRU(4, 7, batch_first=True)
        self.dense_y = nn.Linear(7, 3)

    def forward(self, words: Tensor) -> Tensor:
        line_s = torch.unflatten(self.line_s(words.flatten(0, 1)), 0, words.shape[:2])
        _, h_n = self.gru_d(line_s)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> SentencesOfADocument:
    """Build the model, with random weights."""
    return SentencesOfADocument()


if __name__ == "__main__":
    model = build_model()
    print(model)
    words = torch.randint(40, (2, 4, 5))
    with torch.no_grad():
        outputs = model(words)
    print("y", tuple(outputs.shape))
