"""PyTorch model char-lstm-stacked-stream: many-to-many aligned, stacked 2, stateful."""

import torch
from torch import Tensor, nn


class CharLstmStackedStream(nn.Module):
    """Map a sequence ``characters`` to a sequence ``y``.

          Y Y Y Y Y     dense(9, log_softmax)
          | | | | |
          P P P P P     dropout(0.5)
          | | | | |
        *-G-G-G-G-G-*   lstm(6)
          | | | | |
        *-H-H-H-H-H-*   lstm(6, dropout=0.2)
          | | | | |
          X X X X X     input(9, name=characters)

    Shapes, without the batch:
        input characters: (5, 9) float32
        output y: (5, 9)
        state h_state_h: (6,)
        state h_state_c: (6,)
        state g_state_h: (6,)
        state g_state_c: (6,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h_dropout = nn.Dropout1d(0.2)
        self.lstm_h = nn.LSTM(9, 6, batch_first=True)
        self.lstm_g = nn.LSTM(6, 6, batch_first=True)
        self.dropout_p = nn.Dropout(0.5)
        self.dense_y = nn.Linear(6, 9)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (
            weight.new_zeros(batch, 6),
            weight.new_zeros(batch, 6),
            weight.new_zeros(batch, 6),
            weight.new_zeros(batch, 6),
        )

    def forward(
        self,
        characters: Tensor,
        h_state_h: Tensor | None = None,
        h_state_c: Tensor | None = None,
        g_state_h: Tensor | None = None,
        g_state_c: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        zeros = self.zero_states(characters.shape[0])
        h_state_h = zeros[0] if h_state_h is None else h_state_h
        h_state_c = zeros[1] if h_state_c is None else h_state_c
        g_state_h = zeros[2] if g_state_h is None else g_state_h
        g_state_c = zeros[3] if g_state_c is None else g_state_c
        # Of (batch, features, steps) a feature is dropped at all steps alike.
        dropped = self.lstm_h_dropout(characters.transpose(1, 2)).transpose(1, 2)
        lstm_h, (lstm_h_h_n, lstm_h_c_n) = self.lstm_h(
            dropped,
            (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0)),
        )
        lstm_g, (lstm_g_h_n, lstm_g_c_n) = self.lstm_g(
            lstm_h,
            (g_state_h.unsqueeze(0), g_state_c.unsqueeze(0)),
        )
        dropout_p = self.dropout_p(lstm_g)
        y = torch.log_softmax(self.dense_y(dropout_p), dim=-1)
        return y, lstm_h_h_n[0], lstm_h_c_n[0], lstm_g_h_n[0], lstm_g_c_n[0]


def build_model() -> CharLstmStackedStream:
    """Build the model, with random weights."""
    return CharLstmStackedStream()


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randn(2, 5, 9)
    with torch.no_grad():
        outputs = model(characters)
    for name, output in zip(
        ["y", "h_state_h", "h_state_c", "g_state_h", "g_state_c"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
