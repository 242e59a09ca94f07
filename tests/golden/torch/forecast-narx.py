"""PyTorch model forecast-narx: many-to-many aligned, feedback."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ForecastNarx(nn.Module):
    r"""Map a sequence ``control`` to a sequence ``y``.

          Y        Y        Y
          |        |        |
          H        H        H
         /|\      /|\      /|\
        p P |    p P |    p P |
          | U      | U      | U
          | |\     | |\     | |\
          | | \    | | \    | | \
          y x  X   y x  X   y x  X

        X = input(2, name=control)
        U = concat
        P = concat
        H = dense(5, tanh)
        Y = dense(1)

    Shapes, without the batch:
        input control: (3, 2) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_h = nn.Linear(6, 5)
        self.dense_y = nn.Linear(5, 1)

    def forward(self, control: Tensor) -> Tensor:
        padded = F.pad(control[:, :2], (0, 0, 1, 0))
        joined = torch.cat((padded, control), dim=-1)
        y = control.new_zeros(control.shape[0], 1)
        joined_p_before = control.new_zeros(control.shape[0], 1)
        y_steps = []
        joined_steps = joined.unbind(1)
        for step in range(3):
            joined_p = y
            joined_2 = torch.cat(
                (joined_p_before, joined_p, joined_steps[step]),
                dim=-1,
            )
            dense_h = torch.tanh(self.dense_h(joined_2))
            y = self.dense_y(dense_h)
            y_steps.append(y)
            joined_p_before = joined_p
        return torch.stack(y_steps, dim=1)


def build_model() -> ForecastNarx:
    """Build the model, with random weights."""
    return ForecastNarx()


if __name__ == "__main__":
    model = build_model()
    print(model)
    control = torch.randn(2, 3, 2)
    with torch.no_grad():
        outputs = model(control)
    print("y", tuple(outputs.shape))
