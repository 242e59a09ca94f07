"""PyTorch model language-model-tied: many-to-many aligned, variable length."""

import torch
from torch import Tensor, nn


class LanguageModelTied(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(tied=M, log_softmax)
        | |     |
        P P ... P   dense(12)
        | |     |
        H H ... H   lstm(20)
        | |     |
        M M ... M   embedding(12)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_m = nn.Embedding(50, 12)
        self.lstm_h = nn.LSTM(12, 20, batch_first=True)
        self.dense_p = nn.Linear(20, 12)
        self.dense_y = nn.Linear(12, 50)
        self.dense_y.weight = self.embedding_m.weight

    def forward(self, x: Tensor) -> Tensor:
        embedding_m = self.embedding_m(x)
        lstm_h, _ = self.lstm_h(embedding_m)
        dense_p = self.dense_p(lstm_h)
        return torch.log_softmax(self.dense_y(dense_p), dim=-1)


def build_model() -> LanguageModelTied:
    """Build the model, with random weights."""
    return LanguageModelTied()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(50, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
