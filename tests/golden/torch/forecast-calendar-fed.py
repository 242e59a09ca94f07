"""PyTorch model forecast-calendar-fed: encoder-decoder, state handoff, feedback."""

import torch
from torch import Tensor, nn


class ForecastCalendarFed(nn.Module):
    """Map 3 sequences to a sequence.

                  Y   Y   Y   dense(1)
                  |   |   |
        E-E-E-E---D---D---D
        | | | |  /|  /|  /|
        | | | | Z | Z | Z |
        | | | |   |   |   |
        V V V V   C   C   C

        V = input(4, name=history)
        Z = input(1, feedback=Y, name=last_value)
        C = input(3, name=calendar)
        E = lstm(7, name=encoder)
        D = lstm(7, name=decoder)

    Shapes, without the batch:
        input history: (4, 4) float32
        input last_value: (3, 1) float32
        input calendar: (3, 3) float32
        output y: (3, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(4, 7, batch_first=True)
        self.decoder = nn.LSTM(4, 7, batch_first=True)
        self.dense_y = nn.Linear(7, 1)

    def forward(self, history: Tensor, last_value: Tensor, calendar: Tensor) -> Tensor:
        _, encoder_state = self.encoder(history)
        joined = torch.cat((last_value, calendar), dim=-1)
        decoder, _ = self.decoder(joined, encoder_state)
        y: Tensor = self.dense_y(decoder)
        return y

    def encode(self, history: Tensor, calendar: Tensor) -> tuple[Tensor, ...]:
        """What is computed once, whatever is generated."""
        encoder_state: tuple[Tensor, ...]
        _, encoder_state = self.encoder(history)
        return encoder_state

    def decode(
        self,
        last_value: Tensor,
        calendar: Tensor,
        decoder_state: tuple[Tensor, ...],
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The next steps, and the state behind them."""
        joined = torch.cat((last_value, calendar), dim=-1)
        decoder, decoder_state = self.decoder(joined, decoder_state)
        y = self.dense_y(decoder)
        return y, decoder_state

    @torch.no_grad()
    def generate(
        self,
        history: Tensor,
        calendar: Tensor,
        *,
        start: Tensor,
        steps: int,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``last_value``.

        Args:
            history: values, (batch, steps, features).
            calendar: values, (batch, steps, features).
            start: the first values, (batch, features), or (batch, steps, features).
            steps: how many steps to generate.

        Returns:
            Values, (batch, steps, features), without those given.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        decoder_state = self.encode(history, calendar)
        begin = 0
        last_value = start[:, None] if start.dim() == 2 else start
        if last_value.shape[1] < 1:
            raise ValueError("start should have at least one step")
        length = last_value.shape[1] + steps - 1
        if calendar.shape[1] < length:
            given = calendar.shape[1]
            raise ValueError(f"calendar has {given} steps, {length} are needed")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state = self.decode(
                last_value,
                calendar[:, begin : begin + last_value.shape[1]],
                decoder_state,
            )
            begin += last_value.shape[1]
            last_value = y[:, -1:]
            generated.append(last_value)
        return torch.cat(generated, dim=1)


def build_model() -> ForecastCalendarFed:
    """Build the model, with random weights."""
    return ForecastCalendarFed()


if __name__ == "__main__":
    model = build_model()
    print(model)
    history = torch.randn(2, 4, 4)
    last_value = torch.randn(2, 3, 1)
    calendar = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(history, last_value, calendar)
    print("y", tuple(outputs.shape))
