"""PyTorch model forecast-own-steps: many-to-many padded, feedback."""

import torch
from torch import Tensor, nn


class ForecastOwnSteps(nn.Module):
    """Map a sequence ``past`` to a sequence ``y``.

            Y Y Y
            | | |
        D-D-D-D-D
        | | | | |
        X X X y y

        X = input(1, name=past)
        D = lstm(32)
        Y = dense(1)

    Shapes, without the batch:
        input past: (3, 1) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_d = nn.LSTM(1, 32, batch_first=True)
        self.dense_y = nn.Linear(32, 1)

    def forward(self, past: Tensor) -> Tensor:
        _, lstm_d_known_state = self.lstm_d(past[:, :2])
        y = past[:, -1]
        lstm_d_state = lstm_d_known_state
        y_steps = []
        for _ in range(3):
            lstm_d, lstm_d_state = self.lstm_d(y.unsqueeze(1), lstm_d_state)
            lstm_d = lstm_d.squeeze(1)
            y = self.dense_y(lstm_d)
            y_steps.append(y)
        return torch.stack(y_steps, dim=1)


def build_model() -> ForecastOwnSteps:
    """Build the model, with random weights."""
    return ForecastOwnSteps()


if __name__ == "__main__":
    model = build_model()
    print(model)
    past = torch.randn(2, 3, 1)
    with torch.no_grad():
        outputs = model(past)
    print("y", tuple(outputs.shape))
