"""PyTorch model truncated-feedback: many-to-many aligned, feedback, stateful, variable length."""

import torch
from torch import Tensor, nn


class TruncatedFeedback(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y   Y ...   Y     dense(2)
          |   |       |
        *-H---H-...---H-*   rnn(10)
         /|  /|      /|
        y X y X ... y X

        X = input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 2)
        state h_state: (10,)
        state y_state: (2,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn_h = nn.RNN(5, 10, batch_first=True)
        self.dense_y = nn.Linear(10, 2)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 10), weight.new_zeros(batch, 2)

    def forward(
        self,
        x: Tensor,
        h_state: Tensor | None = None,
        y_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        h_state = zeros[0] if h_state is None else h_state
        y_state = zeros[1] if y_state is None else y_state
        y = y_state
        rnn_h_state = h_state.unsqueeze(0)
        y_steps = []
        x_steps = x.unbind(1)
        for step in range(x.shape[1]):
            joined = torch.cat((y, x_steps[step]), dim=-1)
            rnn_h, rnn_h_state = self.rnn_h(joined.unsqueeze(1), rnn_h_state)
            rnn_h = rnn_h.squeeze(1)
            y = self.dense_y(rnn_h)
            y_steps.append(y)
        y = torch.stack(y_steps, dim=1)
        return y, rnn_h_state[0], y[:, -1]


def build_model() -> TruncatedFeedback:
    """Build the model, with random weights."""
    return TruncatedFeedback()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "h_state", "y_state"], outputs, strict=True):
        print(name, tuple(output.shape))
