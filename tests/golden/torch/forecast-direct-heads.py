"""PyTorch model forecast-direct-heads: many-to-one."""

import torch
from torch import Tensor, nn


class ForecastDirectHeads(nn.Module):
    """Map a sequence to 3 vectors.

              A B C
              | | |
              +-+-+
              |
        H H H H       gru(16)
        | | | |
        X X X X       input(2)

        A = dense(1, name=next_hour)
        B = dense(1, name=next_day)
        C = dense(1, name=next_week)

    Shapes, without the batch:
        input x: (4, 2) float32
        output next_hour: (1,)
        output next_day: (1,)
        output next_week: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(2, 16, batch_first=True)
        self.next_hour = nn.Linear(16, 1)
        self.next_day = nn.Linear(16, 1)
        self.next_week = nn.Linear(16, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        _, h_n = self.gru_h(x)
        next_hour = self.next_hour(h_n[-1])
        next_day = self.next_day(h_n[-1])
        next_week = self.next_week(h_n[-1])
        return next_hour, next_day, next_week


def build_model() -> ForecastDirectHeads:
    """Build the model, with random weights."""
    return ForecastDirectHeads()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 4, 2)
    with torch.no_grad():
        outputs = model(x)
    for name, output in zip(
        ["next_hour", "next_day", "next_week"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
