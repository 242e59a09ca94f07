"""PyTorch model answer-padded: many-to-many padded."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class AnswerPadded(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

                    Y Y ..n.. Y   dense(8)
                    | |       |
        H-H--...--H-H-H--...--H   gru(64)
        | |       |
        W W ..n.. W               embedding(16)
        | |       |
        X X ..n.. X               tokens(8)

        n = 6

    Shapes, without the batch:
        input x: (n,) int32
        output y: (n, 8)
    """

    def __init__(self, n: int = 6) -> None:
        super().__init__()
        self.n = n
        self.embedding_w = nn.Embedding(8, 16)
        self.gru_h = nn.GRU(16, 64, batch_first=True)
        self.dense_y = nn.Linear(64, 8)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        padded = F.pad(embedding_w, (0, 0, 0, self.n))
        gru_h, _ = self.gru_h(padded)
        y: Tensor = self.dense_y(gru_h[:, self.n:])
        return y


def build_model(n: int = 6) -> AnswerPadded:
    """Build the model, with random weights."""
    return AnswerPadded(n=n)


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(8, (2, model.n))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
