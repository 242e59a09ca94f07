"""PyTorch model char-rnn: many-to-many aligned, stacked 2, variable length."""

import torch
from torch import Tensor, nn


class CharRnn(nn.Module):
    """Map a sequence ``characters`` to a sequence ``y``.

        Y ..n.. Y   dense(26, softmax)
        |       |
        D ..n.. D   dropout(0.2)
        |       |
        G ..n.. G   lstm(units)
        |       |
        H ..n.. H   lstm(units)
        |       |
        W ..n.. W   embedding(12)
        |       |
        X ..n.. X   tokens(26, name=characters)

        units = 24

    Shapes, without the batch:
        input characters: (n,) int32
        output y: (n, 26)
    """

    def __init__(self, units: int = 24) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(26, 12)
        # lstm_h and lstm_g, from the bottom up.
        self.lstm_h = nn.LSTM(12, units, num_layers=2, batch_first=True)
        self.dropout_d = nn.Dropout(0.2)
        self.dense_y = nn.Linear(units, 26)

    def forward(self, characters: Tensor) -> Tensor:
        embedding_w = self.embedding_w(characters)
        lstm_h, _ = self.lstm_h(embedding_w)
        dropout_d = self.dropout_d(lstm_h)
        return torch.softmax(self.dense_y(dropout_d), dim=-1)


def build_model(units: int = 24) -> CharRnn:
    """Build the model, with random weights."""
    return CharRnn(units=units)


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(26, (2, 5))
    with torch.no_grad():
        outputs = model(characters)
    print("y", tuple(outputs.shape))
