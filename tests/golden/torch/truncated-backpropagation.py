"""PyTorch model truncated-backpropagation: many-to-many aligned, stateful, variable length."""

import torch
from torch import Tensor, nn


class TruncatedBackpropagation(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y Y ... Y
          | |     |
        *-H-H-...-H-*
          | |     |
          W W ... W
          | |     |
          X X ... X

        X = tokens(100)
        W = embedding(32)
        H = lstm(64)
        Y = dense(100)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 100)
        state h_state_h: (64,)
        state h_state_c: (64,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(100, 32)
        self.lstm_h = nn.LSTM(32, 64, batch_first=True)
        self.dense_y = nn.Linear(64, 100)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 64), weight.new_zeros(batch, 64)

    def forward(
        self,
        x: Tensor,
        h_state_h: Tensor | None = None,
        h_state_c: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        h_state_h = zeros[0] if h_state_h is None else h_state_h
        h_state_c = zeros[1] if h_state_c is None else h_state_c
        embedding_w = self.embedding_w(x)
        lstm_h, (h_n, c_n) = self.lstm_h(
            embedding_w,
            (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0)),
        )
        y = self.dense_y(lstm_h)
        return y, h_n[0], c_n[0]


def build_model() -> TruncatedBackpropagation:
    """Build the model, with random weights."""
    return TruncatedBackpropagation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(100, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "h_state_h", "h_state_c"], outputs, strict=True):
        print(name, tuple(output.shape))
