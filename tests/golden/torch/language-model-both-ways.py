"""PyTorch model language-model-both-ways: many-to-many aligned, shared weights."""

import torch
from torch import Tensor, nn


class LanguageModelBothWays(nn.Module):
    """Map a sequence ``x`` to sequences ``s`` and ``s_2``.

        S   S   S   S
        |   |   |   |
        F---F---F---F
        |   |   |   |
        | S | S | S | S
        | | | | | | | |
        | B<|-B<|-B<|-B
        |/  |/  |/  |/
        W   W   W   W
        |   |   |   |
        X   X   X   X

        X = tokens(30)
        W = embedding(6)
        F = lstm(16, projection=6)
        B = lstm(16, projection=6)
        S = dense(20, log_softmax)

    Shapes, without the batch:
        input x: (4,) int32
        output s: (4, 20)
        output s_2: (4, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(30, 6)
        self.lstm_b = nn.LSTM(6, 16, proj_size=6, batch_first=True)
        self.dense_s = nn.Linear(6, 20)
        self.lstm_f = nn.LSTM(6, 16, proj_size=6, batch_first=True)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        embedding_w = self.embedding_w(x)
        lstm_b, _ = self.lstm_b(embedding_w.flip(1))
        # Computed from the last step to the first; in order again.
        lstm_b = lstm_b.flip(1)
        s_2 = torch.log_softmax(self.dense_s(lstm_b), dim=-1)
        lstm_f, _ = self.lstm_f(embedding_w)
        s = torch.log_softmax(self.dense_s(lstm_f), dim=-1)
        return s, s_2


def build_model() -> LanguageModelBothWays:
    """Build the model, with random weights."""
    return LanguageModelBothWays()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["s", "s_2"], outputs, strict=True):
        print(name, tuple(output.shape))
