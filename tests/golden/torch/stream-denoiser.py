"""PyTorch model stream-denoiser: many-to-many aligned, stacked 2, stateful, variable length."""

import torch
from torch import Tensor, nn


class StreamDenoiser(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

          Y Y ... Y     dense(22, sigmoid)
          | |     |
        *-H-H-...-H-*   gru(24)
          | |     |
        *-G-G-...-G-*   gru(24)
          | |     |
          W W ... W     dense(24, tanh)
          | |     |
          X X ... X     input(42)

    Shapes, without the batch:
        input x: (None, 42) float32
        output y: (None, 22)
        state g_state: (24,)
        state h_state: (24,)

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_w = nn.Linear(42, 24)
        self.gru_g = nn.GRU(24, 24, batch_first=True)
        self.gru_h = nn.GRU(24, 24, batch_first=True)
        self.dense_y = nn.Linear(24, 22)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 24), weight.new_zeros(batch, 24)

    def forward(
        self,
        x: Tensor,
        g_state: Tensor | None = None,
        h_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        g_state = zeros[0] if g_state is None else g_state
        h_state = zeros[1] if h_state is None else h_state
        dense_w = torch.tanh(self.dense_w(x))
        gru_g, gru_g_h_n = self.gru_g(dense_w, g_state.unsqueeze(0))
        gru_h, gru_h_h_n = self.gru_h(gru_g, h_state.unsqueeze(0))
        y = torch.sigmoid(self.dense_y(gru_h))
        return y, gru_g_h_n[0], gru_h_h_n[0]


def build_model() -> StreamDenoiser:
    """Build the model, with random weights."""
    return StreamDenoiser()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 42)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "g_state", "h_state"], outputs, strict=True):
        print(name, tuple(output.shape))
