"""PyTorch model label-to-sequence: one-to-many."""

import torch
from torch import Tensor, nn


class LabelToSequence(nn.Module):
    """Map a token ``label`` to a sequence ``y``.

        Y Y Y Y Y   dense(6, softmax)
        | | | | |
        D-D-D-D-D   lstm(12)
        | | | | |
        +-+-+-+-+
        |
        W           embedding(8)
        |
        X           tokens(10, name=label)

    Shapes, without the batch:
        input label: () int32
        output y: (5, 6)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(10, 8)
        self.lstm_d = nn.LSTM(8, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 6)

    def forward(self, label: Tensor) -> Tensor:
        embedding_w = self.embedding_w(label)
        repeated = embedding_w.unsqueeze(1).expand(-1, 5, -1)
        lstm_d, _ = self.lstm_d(repeated)
        return torch.softmax(self.dense_y(lstm_d), dim=-1)


def build_model() -> LabelToSequence:
    """Build the model, with random weights."""
    return LabelToSequence()


if __name__ == "__main__":
    model = build_model()
    print(model)
    label = torch.randint(10, (2,))
    with torch.no_grad():
        outputs = model(label)
    print("y", tuple(outputs.shape))
