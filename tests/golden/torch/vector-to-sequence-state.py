"""PyTorch model vector-to-sequence-state: one-to-many."""

import torch
from torch import Tensor, nn


class VectorToSequenceState(nn.Module):
    """Map a vector ``conditions`` to a sequence ``y``.

            Y Y Y Y   dense(3)
            | | | |
        +---D-D-D-D   gru(12)
        |
        F             dense(12, tanh)
        |
        X             input(5, name=conditions)

    Shapes, without the batch:
        input conditions: (5,) float32
        output y: (4, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_f = nn.Linear(5, 12)
        self.gru_d = nn.GRU(1, 12, batch_first=True)
        self.dense_y = nn.Linear(12, 3)

    def forward(self, conditions: Tensor) -> Tensor:
        dense_f = torch.tanh(self.dense_f(conditions))
        zeros = conditions.new_zeros(conditions.shape[0], 4, 1)
        gru_d_start = dense_f.unsqueeze(0)
        gru_d, _ = self.gru_d(zeros, gru_d_start)
        y: Tensor = self.dense_y(gru_d)
        return y


def build_model() -> VectorToSequenceState:
    """Build the model, with random weights."""
    return VectorToSequenceState()


if __name__ == "__main__":
    model = build_model()
    print(model)
    conditions = torch.randn(2, 5)
    with torch.no_grad():
        outputs = model(conditions)
    print("y", tuple(outputs.shape))
