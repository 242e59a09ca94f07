"""PyTorch model stream-dilated: many-to-many aligned, convolutional, stateful, variable length."""

import torch
from torch import Tensor, nn


class StreamDilated(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y Y ... Y     dense(5, softmax)
          | |     |
        *-H-H-...-H-*   rnn(6)
          | |     |
          B B ... B     conv(8, 2, relu, padding=causal, dilation=2)
          | |     |
          A A ... A     conv(8, 2, relu, padding=causal)
          | |     |
          X X ... X     input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 5)
        state a_state: (1, 4)
        state b_state: (2, 8)
        state h_state: (6,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_a = nn.Conv1d(4, 8, 2)
        self.conv_b = nn.Conv1d(8, 8, 2, dilation=2)
        self.rnn_h = nn.RNN(8, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 5)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (
            weight.new_zeros(batch, 1, 4),
            weight.new_zeros(batch, 2, 8),
            weight.new_zeros(batch, 6),
        )

    def forward(
        self,
        x: Tensor,
        a_state: Tensor | None = None,
        b_state: Tensor | None = None,
        h_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        a_state = zeros[0] if a_state is None else a_state
        b_state = zeros[1] if b_state is None else b_state
        h_state = zeros[2] if h_state is None else h_state
        conv_a_steps = torch.cat((a_state, x), dim=1)
        conv_a = torch.relu(self.conv_a(conv_a_steps.transpose(1, 2)))
        conv_b_steps = torch.cat((b_state, conv_a.transpose(1, 2)), dim=1)
        conv_b = torch.relu(self.conv_b(conv_b_steps.transpose(1, 2))).transpose(1, 2)
        rnn_h, h_n = self.rnn_h(conv_b, h_state.unsqueeze(0))
        y = torch.softmax(self.dense_y(rnn_h), dim=-1)
        return y, conv_a_steps[:, -1:], conv_b_steps[:, -2:], h_n[0]


def build_model() -> StreamDilated:
    """Build the model, with random weights."""
    return StreamDilated()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 4)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(
        ["y", "a_state", "b_state", "h_state"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
