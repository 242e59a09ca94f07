"""PyTorch model wavenet-generated: many-to-many aligned, residual, convolutional, feedback, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def choose_probable(
    probabilities: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return probabilities.argmax(dim=-1)
    # By their maximum, as a power of small numbers alone would be zero.
    likely = probabilities / probabilities.amax(dim=-1, keepdim=True)
    weights = likely ** (1 / temperature)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def or_zeros(state: Tensor | None, weight: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A state, which is zero before the first step, where and as precise as a weight."""
    return weight.new_zeros(shape) if state is None else state


class WavenetGenerated(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y     Y     ... Y       dense(12, softmax)
        |     |         |
        K     K     ... K       dense(7, relu)
        |     |         |
        A     A     ... A       add
        |\    |\        |\
        | M   | M   ... | M     multiply
        | |\  | |\      | |\
        | T | | T | ... | T |   conv(6, 2, tanh, padding=causal, dilation=2)
        | | G | | G ... | | G   conv(6, 2, sigmoid, padding=causal, dilation=2)
        |/ /  |/ /      |/ /
        | /   | /       | /
        |/    |/        |/
        C     C     ... C       conv(6, 2, padding=causal)
        |     |         |
        X     X     ... X       input(12, feedback=Y, choose=true)

    Shapes, without the batch:
        input x: (None, 12) float32
        output y: (None, 12)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_c = nn.Conv1d(12, 6, 2)
        self.conv_g = nn.Conv1d(6, 6, 2, dilation=2)
        self.conv_t = nn.Conv1d(6, 6, 2, dilation=2)
        self.dense_k = nn.Linear(6, 7)
        self.dense_y = nn.Linear(7, 12)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (1, 0))
        conv_c = self.conv_c(padded)
        padded_2 = F.pad(conv_c, (2, 0))
        conv_g = torch.sigmoid(self.conv_g(padded_2))
        conv_t = torch.tanh(self.conv_t(padded_2))
        multiply_m = conv_t * conv_g
        add_a = (conv_c + multiply_m).transpose(1, 2)
        dense_k = torch.relu(self.dense_k(add_a))
        return torch.softmax(self.dense_y(dense_k), dim=-1)

    def decode(
        self,
        x: Tensor,
        conv_c_state: Tensor | None,
        conv_g_state: Tensor | None,
        conv_t_state: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The next steps, and the state behind them."""
        conv_c_state = or_zeros(
            conv_c_state,
            next(self.parameters()),
            (x.shape[0], 1, 12),
        )
        conv_g_state = or_zeros(
            conv_g_state,
            next(self.parameters()),
            (x.shape[0], 2, 6),
        )
        conv_t_state = or_zeros(
            conv_t_state,
            next(self.parameters()),
            (x.shape[0], 2, 6),
        )
        conv_c_steps = torch.cat((conv_c_state, x), dim=1)
        conv_c = self.conv_c(conv_c_steps.transpose(1, 2))
        conv_g_steps = torch.cat((conv_g_state, conv_c.transpose(1, 2)), dim=1)
        conv_g = torch.sigmoid(self.conv_g(conv_g_steps.transpose(1, 2)))
        conv_t_steps = torch.cat((conv_t_state, conv_c.transpose(1, 2)), dim=1)
        conv_t = torch.tanh(self.conv_t(conv_t_steps.transpose(1, 2)))
        multiply_m = conv_t * conv_g
        add_a = (conv_c + multiply_m).transpose(1, 2)
        dense_k = torch.relu(self.dense_k(add_a))
        y = torch.softmax(self.dense_y(dense_k), dim=-1)
        return y, conv_c_steps[:, -1:], conv_g_steps[:, -2:], conv_t_steps[:, -2:]

    @torch.no_grad()
    def generate(
        self,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``x``.

        Args:
            start: the first ids, (batch,), or those of a prompt, (batch, steps).
            steps: how many ids to generate.
            temperature: 0 takes the most probable id, above it ids are drawn.
            stop: the id behind which a sample is filled with it.
            generator: what draws.

        Returns:
            Ids, (batch, steps), without the prompt.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        conv_c_state: Tensor | None = None
        conv_g_state: Tensor | None = None
        conv_t_state: Tensor | None = None
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        dtype = next(self.parameters()).dtype
        generated: list[Tensor] = []
        for _ in range(steps):
            x = F.one_hot(x.long(), 12).to(dtype)
            y, conv_c_state, conv_g_state, conv_t_state = self.decode(
                x,
                conv_c_state,
                conv_g_state,
                conv_t_state,
            )
            ids = choose_probable(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            x = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> WavenetGenerated:
    """Build the model, with random weights."""
    return WavenetGenerated()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 12)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
