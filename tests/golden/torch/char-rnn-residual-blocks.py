"""PyTorch model char-rnn-residual-blocks: many-to-many aligned, feedback, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def or_zeros(state: Tensor | None, weight: Tensor, shape: tuple[int, ...]) -> Tensor:
    """A state, which is zero before the first step, where and as precise as a weight."""
    return weight.new_zeros(shape) if state is None else state


class ResidualBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``a``.

        A   A   ... A
        |\  |\      |\
        | H | H ... | H
        | | | |     | |
        | C | C ... | C
        |/  |/      |/
        X   X   ... X

        X = input(width)
        C = conv(width, 3, relu, padding=causal)
        H = gru(width)
        A = add
        width = 6

    Shapes, without the batch:
        input x: (None, width) float32
        output a: (None, width)
    """

    def __init__(self, width: int = 6) -> None:
        super().__init__()
        self.width = width
        self.conv_c = nn.Conv1d(width, width, 3)
        self.gru_h = nn.GRU(width, width, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        padded = F.pad(x.transpose(1, 2), (2, 0))
        conv_c = torch.relu(self.conv_c(padded)).transpose(1, 2)
        gru_h, _ = self.gru_h(conv_c)
        a: Tensor = x + gru_h
        return a

    def decode(
        self,
        x: Tensor,
        states: tuple[Tensor, Tensor] | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The next steps, from what is kept of earlier ones, and the state after them."""
        conv_c_state, gru_h_state = states or (None, None)
        conv_c_state = or_zeros(
            conv_c_state,
            next(self.parameters()),
            (x.shape[0], 2, self.width),
        )
        conv_c_steps = torch.cat((conv_c_state, x), dim=1)
        conv_c = torch.relu(self.conv_c(conv_c_steps.transpose(1, 2))).transpose(1, 2)
        gru_h, gru_h_state = self.gru_h(conv_c, gru_h_state)
        a = x + gru_h
        return a, (conv_c_steps[:, -2:], gru_h_state)


class CharRnnResidualBlocks(nn.Module):
    """Map a sequence ``z`` to a sequence ``y``.

        Y Y ... Y   dense(20, log_softmax)
        | |     |
        S S ... S   residual_block
        | |     |
        R R ... R   residual_block
        | |     |
        W W ... W   embedding(6)
        | |     |
        Z Z ... Z   tokens(20, feedback=Y)

    Shapes, without the batch:
        input z: (None,) int32
        output y: (None, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 6)
        self.residual_block_r = ResidualBlock()
        self.residual_block_s = ResidualBlock()
        self.dense_y = nn.Linear(6, 20)

    def forward(self, z: Tensor) -> Tensor:
        embedding_w = self.embedding_w(z)
        residual_block_r = self.residual_block_r(embedding_w)
        residual_block_s = self.residual_block_s(residual_block_r)
        return torch.log_softmax(self.dense_y(residual_block_s), dim=-1)

    def decode(
        self,
        z: Tensor,
        residual_block_r_state: tuple[Tensor, Tensor] | None,
        residual_block_s_state: tuple[Tensor, Tensor] | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(z)
        residual_block_r, residual_block_r_state = self.residual_block_r.decode(
            embedding_w,
            residual_block_r_state,
        )
        residual_block_s, residual_block_s_state = self.residual_block_s.decode(
            residual_block_r,
            residual_block_s_state,
        )
        y = torch.log_softmax(self.dense_y(residual_block_s), dim=-1)
        return y, residual_block_r_state, residual_block_s_state

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
        """Let the model run free: each step of ``y`` is the next ``z``.

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
        residual_block_r_state: tuple[Tensor, Tensor] | None = None
        residual_block_s_state: tuple[Tensor, Tensor] | None = None
        z = start[:, None] if start.dim() == 1 else start
        if z.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, residual_block_r_state, residual_block_s_state = self.decode(
                z,
                residual_block_r_state,
                residual_block_s_state,
            )
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            z = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> CharRnnResidualBlocks:
    """Build the model, with random weights."""
    return CharRnnResidualBlocks()


if __name__ == "__main__":
    model = build_model()
    print(model)
    z = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(z)
    print("y", tuple(outputs.shape))
