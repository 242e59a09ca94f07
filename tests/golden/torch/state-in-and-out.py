"""PyTorch model state-in-and-out: many-to-many aligned, stateful, variable length."""

import torch
from torch import Tensor, nn


class StateInAndOut(nn.Module):
    """Map a sequence ``x`` to a sequence ``h``.

        *-H-H-...-H-*   lstm(8)
          | |     |
          X X ... X     input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output h: (None, 8)
        state h_state_h: (8,)
        state h_state_c: (8,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = nn.LSTM(3, 8, batch_first=True)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 8), weight.new_zeros(batch, 8)

    def forward(
        self,
        x: Tensor,
        h_state_h: Tensor | None = None,
        h_state_c: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        h_state_h = zeros[0] if h_state_h is None else h_state_h
        h_state_c = zeros[1] if h_state_c is None else h_state_c
        h, (h_n, c_n) = self.lstm_h(x, (h_state_h.unsqueeze(0), h_state_c.unsqueeze(0)))
        return h, h_n[0], c_n[0]


def build_model() -> StateInAndOut:
    """Build the model, with random weights."""
    return StateInAndOut()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["h", "h_state_h", "h_state_c"], outputs, strict=True):
        print(name, tuple(output.shape))
