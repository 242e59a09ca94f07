"""PyTorch model answer-aligned: many-to-many aligned, variable length."""

import torch
from torch import Tensor, nn


class AnswerAligned(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(8)
        | |     |
        H-H-...-H   gru(64)
        | |     |
        W W ... W   embedding(16)
        | |     |
        X X ... X   tokens(8)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(8, 16)
        self.gru_h = nn.GRU(16, 64, batch_first=True)
        self.dense_y = nn.Linear(64, 8)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        gru_h, _ = self.gru_h(embedding_w)
        y: Tensor = self.dense_y(gru_h)
        return y


def build_model() -> AnswerAligned:
    """Build the model, with random weights."""
    return AnswerAligned()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(8, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
