"""PyTorch model language-model-zoneout: many-to-many aligned, feedback, variable length."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ZoneoutGru(nn.Module):
    """A cell of the picture, run over all steps.

    cell zoneout_gru(units, rate=0.1):
        z = sigmoid(dense(x, h))
        r = sigmoid(dense(x, h))
        n = tanh(dense(x, r * h))
        h = zoneout(h, z * h + (1 - z) * n, rate)
    """

    def __init__(self, features: int, units: int, rate: float) -> None:
        super().__init__()
        self.units = units
        self.rate = rate
        self.z_x = nn.Linear(features, units)
        self.z_h = nn.Linear(units, units, bias=False)
        self.r_x = nn.Linear(features, units)
        self.r_h = nn.Linear(units, units, bias=False)
        self.n_x = nn.Linear(features, units)
        self.n_rh = nn.Linear(units, units, bias=False)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        A state is (1, batch, units).
        """
        if state is None:
            state = x.new_zeros(1, x.shape[0], self.units)
        h = state[0]
        # What depends on x alone, for all steps at once.
        z_x, r_x, n_x = F.linear(
            x,
            torch.cat([self.z_x.weight, self.r_x.weight, self.n_x.weight]),
            torch.cat([self.z_x.bias, self.r_x.bias, self.n_x.bias]),
        ).chunk(3, dim=-1)
        z_h_joined = torch.cat([self.z_h.weight, self.r_h.weight])
        outputs: list[Tensor] = []
        for z_x_now, r_x_now, n_x_now in zip(
            z_x.unbind(1),
            r_x.unbind(1),
            n_x.unbind(1),
            strict=True,
        ):
            z_h, r_h = F.linear(h, z_h_joined).chunk(2, dim=-1)
            z = torch.sigmoid(z_x_now + z_h)
            r = torch.sigmoid(r_x_now + r_h)
            n = torch.tanh(n_x_now + self.n_rh(r * h))
            h = zoneout(h, z * h + (1 - z) * n, self.rate, self.training)
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def zoneout(old: Tensor, new: Tensor, rate: float, training: bool) -> Tensor:
    """Keep some features as they were; outside training, the expected value."""
    if not training:
        return rate * old + (1 - rate) * new
    return torch.where(torch.rand_like(new) < 1 - rate, new, old)


class LanguageModelZoneout(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

        cell zoneout_gru(units, rate=0.1):
            z = sigmoid(dense(x, h))
            r = sigmoid(dense(x, h))
            n = tanh(dense(x, r * h))
            h = zoneout(h, z * h + (1 - z) * n, rate)

        Y Y ... Y   dense(12)
        | |     |
        H-H-...-H   zoneout_gru(6, rate=0.2)
        | |     |
        W W ... W   embedding(5)
        | |     |
        X X ... X   tokens(12, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 12)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(12, 5)
        self.zoneout_gru_h = ZoneoutGru(5, 6, rate=0.2)
        self.dense_y = nn.Linear(6, 12)

    def forward(self, x: Tensor) -> Tensor:
        embedding_w = self.embedding_w(x)
        zoneout_gru_h, _ = self.zoneout_gru_h(embedding_w)
        y: Tensor = self.dense_y(zoneout_gru_h)
        return y

    def decode(
        self,
        x: Tensor,
        zoneout_gru_h_state: Tensor | None,
    ) -> tuple[Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_w = self.embedding_w(x)
        zoneout_gru_h, zoneout_gru_h_state = self.zoneout_gru_h(
            embedding_w,
            zoneout_gru_h_state,
        )
        y = self.dense_y(zoneout_gru_h)
        return y, zoneout_gru_h_state

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
        zoneout_gru_h_state: Tensor | None = None
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y, zoneout_gru_h_state = self.decode(x, zoneout_gru_h_state)
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            x = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> LanguageModelZoneout:
    """Build the model, with random weights."""
    return LanguageModelZoneout()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(12, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
