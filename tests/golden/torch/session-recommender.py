"""PyTorch model session-recommender: many-to-one."""

import torch
from torch import Tensor, nn


class SessionRecommender(nn.Module):
    """Map a sequence ``items`` to a vector ``y``.

                Y   dense(30, softmax)
                |
        H-H-H-H-H   gru(16, dropout=0.2)
        | | | | |
        W W W W W   embedding(8)
        | | | | |
        X X X X X   tokens(30, name=items)

    Shapes, without the batch:
        input items: (5,) int32
        output y: (30,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 8)
        self.gru_h_dropout = nn.Dropout1d(0.2)
        self.gru_h = nn.GRU(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 30)

    def forward(self, items: Tensor) -> Tensor:
        embedding_w = self.embedding_w(items)
        # Of (batch, features, steps) a feature is dropped at all steps alike.
        dropped = self.gru_h_dropout(embedding_w.transpose(1, 2)).transpose(1, 2)
        _, h_n = self.gru_h(dropped)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> SessionRecommender:
    """Build the model, with random weights."""
    return SessionRecommender()


if __name__ == "__main__":
    model = build_model()
    print(model)
    items = torch.randint(30, (2, 5))
    with torch.no_grad():
        outputs = model(items)
    print("y", tuple(outputs.shape))
