"""PyTorch model state-from-the-last-call: many-to-many aligned, stateful."""

import torch
from torch import Tensor, nn


class StateFromTheLastCall(nn.Module):
    """Map a sequence ``z`` to a sequence ``y``.

          Y Y Y   dense(3, softmax)
          | | |
        *-D-D-D   gru(6)
          | | |
          Z Z Z   input(3)

    Shapes, without the batch:
        input z: (3, 3) float32
        output y: (3, 3)
        state d_state: (6,), an argument

    States follow the inputs, in this order; those that are left out are zero.
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_d = nn.GRU(3, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 3)

    def zero_states(self, batch: int) -> tuple[Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (weight.new_zeros(batch, 6),)

    def forward(self, z: Tensor, d_state: Tensor | None = None) -> Tensor:
        zeros = self.zero_states(z.shape[0])
        d_state = zeros[0] if d_state is None else d_state
        gru_d, _ = self.gru_d(z, d_state.unsqueeze(0))
        return torch.softmax(self.dense_y(gru_d), dim=-1)


def build_model() -> StateFromTheLastCall:
    """Build the model, with random weights."""
    return StateFromTheLastCall()


if __name__ == "__main__":
    model = build_model()
    print(model)
    z = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(z)
    print("y", tuple(outputs.shape))
