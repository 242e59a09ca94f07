"""PyTorch model step-by-step-words: one-to-one, feedback, stateful."""

import torch
from torch import Tensor, nn


class SampleIds(nn.Module):
    """Draw an id at each step, from logits or probabilities, at a temperature."""

    def __init__(self, temperature: float = 1.0, probabilities: bool = False) -> None:
        super().__init__()
        if temperature <= 0:
            raise ValueError(f"temperature should be above 0, it is {temperature}")
        self.temperature = temperature
        self.probabilities = probabilities

    def forward(self, x: Tensor) -> Tensor:
        if self.probabilities:
            # Of zero there is no logarithm: padded steps are zero.
            x = x.clamp(min=torch.finfo(x.dtype).tiny).log()
        weights = torch.softmax(x / self.temperature, dim=-1)
        ids = torch.multinomial(weights.flatten(0, -2), 1)
        return ids.view(x.shape[:-1]).int()


class StepByStepWords(nn.Module):
    """Map a vector ``z`` to a token ``c``.

            C       sample(0.7)
            |
            Y       dense(9)
            |
        *---D---*   lstm(4)
           /|
          W |       embedding(3)
          | |
          c Z       input(2)

    Shapes, without the batch:
        input z: (2,) float32
        output c: ()
        state d_state_h: (4,)
        state d_state_c: (4,)
        state c_state: () int32

    States follow the inputs, in this order; those that are left out are zero.

    New states follow the outputs, in this order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(9, 3)
        self.lstm_d = nn.LSTM(5, 4, batch_first=True)
        self.dense_y = nn.Linear(4, 9)
        self.ids_c = SampleIds(0.7)

    def zero_states(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """The states before the first call, for so many samples."""
        weight = next(self.parameters())
        return (
            weight.new_zeros(batch, 4),
            weight.new_zeros(batch, 4),
            weight.new_zeros(batch, dtype=torch.int32),
        )

    def forward(
        self,
        z: Tensor,
        d_state_h: Tensor | None = None,
        d_state_c: Tensor | None = None,
        c_state: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        zeros = self.zero_states(z.shape[0])
        d_state_h = zeros[0] if d_state_h is None else d_state_h
        d_state_c = zeros[1] if d_state_c is None else d_state_c
        c_state = zeros[2] if c_state is None else c_state
        embedding_w = self.embedding_w(c_state)
        joined = torch.cat((embedding_w.unsqueeze(1), z.unsqueeze(1)), dim=-1)
        _, (h_n, c_n) = self.lstm_d(
            joined,
            (d_state_h.unsqueeze(0), d_state_c.unsqueeze(0)),
        )
        dense_y = self.dense_y(h_n[-1])
        c = self.ids_c(dense_y)
        return c, h_n[0], c_n[0], c


def build_model() -> StepByStepWords:
    """Build the model, with random weights."""
    return StepByStepWords()


if __name__ == "__main__":
    model = build_model()
    print(model)
    z = torch.randn(2, 2)
    with torch.no_grad():
        outputs = model(z)
    for name, output in zip(
        ["c", "d_state_h", "d_state_c", "c_state"],
        outputs,
        strict=True,
    ):
        print(name, tuple(output.shape))
