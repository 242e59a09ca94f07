"""PyTorch model stream-positions: many-to-many aligned, stateful, variable length."""

import torch
from torch import Tensor, nn


class SinePositions(nn.Module):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017)."""

    exponents: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.features = features
        # A buffer: it is where, and as precise as, the module's weights are.
        exponents = torch.arange(0.0, features, 2)
        self.register_buffer("exponents", exponents, persistent=False)

    def forward(self, numbers: Tensor) -> Tensor:
        """The codes of steps of these numbers, (..., features)."""
        precise = torch.promote_types(self.exponents.dtype, torch.float32)
        exponents = self.exponents.to(precise)
        angles = numbers.to(precise)[..., None] / 10000 ** (exponents / self.features)
        codes = torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(-2)
        return codes[..., : self.features].to(self.exponents.dtype)


class StreamPositions(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

          Y   ... Y     dense(1)
          |       |
        *-H---...-H-*   gru(16)
          |       |
          A   ... A     add
          |\      |\
          D | ... D |   dense(8)
          | P ... | P   position(8, sin)
          |       |
          X   ... X     input(6)

    Shapes, without the batch:
        input x: (None, 6) float32
        output y: (None, 1)
        state h_state: (16,)
        state p_state: () int32

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = SinePositions(8)
        self.dense_d = nn.Linear(6, 8)
        self.gru_h = nn.GRU(8, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 1)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return weight.new_zeros(batch, 16), weight.new_zeros(batch, dtype=torch.int32)

    def forward(
        self,
        x: Tensor,
        h_state: Tensor | None = None,
        p_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        zeros = self.zero_states(x.shape[0])
        h_state = zeros[0] if h_state is None else h_state
        p_state = zeros[1] if p_state is None else p_state
        position_p = self.position_p(
            p_state[:, None] + torch.arange(x.shape[1], device=x.device),
        )
        dense_d = self.dense_d(x)
        add_a = dense_d + position_p
        gru_h, h_n = self.gru_h(add_a, h_state.unsqueeze(0))
        y = self.dense_y(gru_h)
        return y, h_n[0], p_state + x.shape[1]


def build_model() -> StreamPositions:
    """Build the model, with random weights."""
    return StreamPositions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 6)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(["y", "h_state", "p_state"], outputs, strict=True):
        print(name, tuple(output.shape))
