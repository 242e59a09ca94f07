"""PyTorch model gpt-learned-positions: many-to-many aligned, residual, attention, feedback."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Past:
    """All steps so far, in memory that doubles when it is full."""

    def __init__(self, dim: int) -> None:
        """Let ``dim`` be the axis of steps."""
        self.dim, self.steps = dim, 0
        self.memory: Tensor | None = None

    def append(self, x: Tensor) -> Tensor:
        """All steps so far, those of ``x`` at the end."""
        begin, count = self.steps, x.shape[self.dim]
        self.steps += count
        if self.memory is None or self.steps > self.memory.shape[self.dim]:
            shape = list(x.shape)
            shape[self.dim] = 2 * self.steps
            larger = x.new_empty(shape)
            if self.memory is not None:
                known = self.memory.narrow(self.dim, 0, begin)
                larger.narrow(self.dim, 0, begin).copy_(known)
            self.memory = larger
        self.memory.narrow(self.dim, begin, count).copy_(x)
        return self.memory.narrow(self.dim, 0, self.steps)


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def join_heads(
    layer: nn.MultiheadAttention,
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None = None,
) -> Tensor:
    """Attend by each head, to what is true in ``mask``, and join what they read."""
    attended = F.scaled_dot_product_attention(
        queries,
        keys,
        values,
        # The same for all heads.
        attn_mask=None if mask is None else mask.unsqueeze(-3),
        dropout_p=layer.dropout if layer.training else 0.0,
    )
    output: Tensor = layer.out_proj(attended.transpose(1, 2).flatten(2))
    return output


def past_mask(query: Tensor, keys: Tensor) -> Tensor | None:
    """Which keys the last steps read, (1, queries, steps); ``None``: all.

    That is their own, and those before.
    """
    queries, steps = query.shape[1], keys.shape[-2]
    if queries == 1:
        return None
    every = torch.ones(queries, steps, dtype=torch.bool, device=query.device)
    return every.tril(steps - queries)[None]


def project_heads(
    layer: nn.MultiheadAttention, x: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of each head, (batch, heads, steps, features)."""
    batch, steps, _ = x.shape
    projected = F.linear(x, layer.in_proj_weight, layer.in_proj_bias)
    parts = projected.view(batch, steps, 3, layer.num_heads, -1).transpose(1, 3)
    queries, keys, values = parts.unbind(2)
    return queries, keys, values


class GptLearnedPositions(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(tied=W, log_softmax)
        |   |   |   |
        L   L   L   L     layernorm
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        G | G | G | G |   dense(8)
        | | | | | | | |
        F | F | F | F |   dense(16, gelu)
        | | | | | | | |
        M | M | M | M |   layernorm
        |/  |/  |/  |/
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2, causal=true)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        | | | | | | | |
        N | N | N | N |   layernorm
        |/  |/  |/  |/
        E   E   E   E     add
        |\  |\  |\  |\
        W | W | W | W |   embedding(8)
        | P | P | P | P   position(8)
        |   |   |   |
        X   X   X   X     tokens(20, feedback=Y)

    Shapes, without the batch:
        input x: (4,) int32
        output y: (4, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = nn.Embedding(4, 8)
        self.embedding_w = nn.Embedding(20, 8)
        self.layernorm_n = nn.LayerNorm(8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(8)
        self.dense_f = nn.Linear(8, 16)
        self.dense_g = nn.Linear(16, 8)
        self.layernorm_l = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 20)
        self.dense_y.weight = self.embedding_w.weight

    def forward(self, x: Tensor) -> Tensor:
        position_p = self.position_p.weight.expand(x.shape[0], -1, -1)
        embedding_w = self.embedding_w(x)
        add_e = embedding_w + position_p
        layernorm_n = self.layernorm_n(add_e)
        causal_mask = torch.ones(
            layernorm_n.shape[1],
            layernorm_n.shape[1],
            dtype=torch.bool,
            device=layernorm_n.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            layernorm_n,
            layernorm_n,
            layernorm_n,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = attention_t + add_e
        layernorm_m = self.layernorm_m(add_a)
        dense_f = F.gelu(self.dense_f(layernorm_m))
        dense_g = self.dense_g(dense_f)
        add_b = dense_g + add_a
        layernorm_l = self.layernorm_l(add_b)
        return torch.log_softmax(self.dense_y(layernorm_l), dim=-1)

    def decode(
        self,
        x: Tensor,
        attention_t_keys: Past,
        attention_t_values: Past,
        begin: int,
    ) -> Tensor:
        """The next steps."""
        position_p = self.position_p(
            torch.arange(begin, begin + x.shape[1], device=x.device),
        ).expand(x.shape[0], -1, -1)
        embedding_w = self.embedding_w(x)
        add_e = embedding_w + position_p
        layernorm_n = self.layernorm_n(add_e)
        queries, keys, values = project_heads(self.attention_t, layernorm_n)
        keys = attention_t_keys.append(keys)
        values = attention_t_values.append(values)
        attention_t = join_heads(
            self.attention_t,
            queries,
            keys,
            values,
            mask=past_mask(layernorm_n, keys),
        )
        add_a = attention_t + add_e
        layernorm_m = self.layernorm_m(add_a)
        dense_f = F.gelu(self.dense_f(layernorm_m))
        dense_g = self.dense_g(dense_f)
        add_b = dense_g + add_a
        layernorm_l = self.layernorm_l(add_b)
        y = torch.log_softmax(self.dense_y(layernorm_l), dim=-1)
        return y

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
        attention_t_keys = Past(2)
        attention_t_values = Past(2)
        begin = 0
        x = start[:, None] if start.dim() == 1 else start
        if x.shape[1] < 1:
            raise ValueError("start should have at least one step")
        length = x.shape[1] + steps - 1
        if length > 4:
            raise ValueError(f"position_p has 4 steps, {length} are needed")
        generated: list[Tensor] = []
        for _ in range(steps):
            y = self.decode(x, attention_t_keys, attention_t_values, begin)
            begin += x.shape[1]
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


def build_model() -> GptLearnedPositions:
    """Build the model, with random weights."""
    return GptLearnedPositions()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(20, (2, 4))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
