"""PyTorch model echo-task: many-to-many aligned, stateful."""

import torch
from torch import Tensor, nn


class EchoTask(nn.Module):
    """Map a sequence ``bits`` to a sequence ``y``.

          Y Y Y Y Y     dense(2, softmax)
          | | | | |
        *-H-H-H-H-H-*   rnn(4)
          | | | | |
          X X X X X     input(1, name=bits)

    Shapes, without the batch:
        input bits: (5, 1) float32
        output y: (5, 2)
        state h_state: (4,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rnn_h = nn.RNN(1, 4, batch_first=True)
        self.dense_y = nn.Linear(4, 2)

    def zero_states(self, batch: int) -> tuple[Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (weight.new_zeros(batch, 4),)

    def forward(
        self,
        bits: Tensor,
        h_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        zeros = self.zero_states(bits.shape[0])
        h_state = zeros[0] if h_state is None else h_state
        rnn_h, h_n = self.rnn_h(bits, h_state.unsqueeze(0))
        y = torch.softmax(self.dense_y(rnn_h), dim=-1)
        return y, h_n[0]


def build_model() -> EchoTask:
    """Build the model, with random weights."""
    return EchoTask()


if __name__ == "__main__":
    model = build_model()
    print(model)
    bits = torch.randn(2, 5, 1)
    with torch.no_grad():
        outputs = model(bits)
    for name, output in zip(["y", "h_state"], outputs, strict=True):
        print(name, tuple(output.shape))
