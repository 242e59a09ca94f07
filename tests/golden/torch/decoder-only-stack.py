"""PyTorch model decoder-only-stack: many-to-many aligned, feedback, variable length."""

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


class CausalBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``b``.

        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        | | | |     | |
        | M | M ... | M
        |/  |/      |/
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        | | | |     | |
        | N | N ... | N
        |/  |/      |/
        X   X   ... X

        X = input(width)
        N = layernorm
        T = attention(N, heads=heads, causal=true)
        A = add
        M = layernorm
        H = dense(2 * width, gelu)
        F = dense(width)
        B = add
        width = 8
        heads = 2

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """

    def __init__(self, width: int = 8, heads: int = 2) -> None:
        super().__init__()
        self.width = width
        self.layernorm_n = nn.LayerNorm(width)
        self.attention_t = nn.MultiheadAttention(width, heads, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_h = nn.Linear(width, 2 * width)
        self.dense_f = nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        layernorm_n = self.layernorm_n(x)
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
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        dense_h = F.gelu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        b: Tensor = add_a + dense_f
        return b

    def decode(self, x: Tensor, past: tuple[Past, Past]) -> Tensor:
        """The next steps, from what is kept of earlier ones."""
        attention_t_keys, attention_t_values = past
        layernorm_n = self.layernorm_n(x)
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
        add_a = x + attention_t
        layernorm_m = self.layernorm_m(add_a)
        dense_h = F.gelu(self.dense_h(layernorm_m))
        dense_f = self.dense_f(dense_h)
        b: Tensor = add_a + dense_f
        return b


class DecoderOnlyStack(nn.Module):
    r"""Map a sequence ``z`` to a sequence ``y``.

        Y   Y   ... Y
        |   |       |
        U   U   ... U
        |   |       |
        S   S   ... S
        |   |       |
        R   R   ... R
        |   |       |
        A   A   ... A
        |\  |\      |\
        | P | P ... | P
        |   |       |
        W   W   ... W
        |   |       |
        Z   Z   ... Z

        Z = tokens(20, feedback=Y)
        W = embedding(8)
        P = position(8, most=32)
        A = add
        R = causal_block
        S = causal_block(heads=4)
        U = layernorm
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input z: (None,) int32
        output y: (None, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 8)
        self.position_p = nn.Embedding(32, 8)
        self.causal_block_r = CausalBlock()
        self.causal_block_s = CausalBlock(heads=4)
        self.layernorm_u = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 20)

    def forward(self, z: Tensor) -> Tensor:
        embedding_w = self.embedding_w(z)
        position_p = self.position_p(
            torch.arange(z.shape[1], device=z.device),
        ).expand(z.shape[0], -1, -1)
        add_a = embedding_w + position_p
        causal_block_r = self.causal_block_r(add_a)
        causal_block_s = self.causal_block_s(causal_block_r)
        layernorm_u = self.layernorm_u(causal_block_s)
        return torch.log_softmax(self.dense_y(layernorm_u), dim=-1)

    def decode(
        self,
        z: Tensor,
        causal_block_r_past: tuple[Past, Past],
        causal_block_s_past: tuple[Past, Past],
        begin: int,
    ) -> Tensor:
        """The next steps."""
        embedding_w = self.embedding_w(z)
        position_p = self.position_p(
            torch.arange(begin, begin + z.shape[1], device=z.device),
        ).expand(z.shape[0], -1, -1)
        add_a = embedding_w + position_p
        causal_block_r = self.causal_block_r.decode(add_a, causal_block_r_past)
        causal_block_s = self.causal_block_s.decode(causal_block_r, causal_block_s_past)
        layernorm_u = self.layernorm_u(causal_block_s)
        y = torch.log_softmax(self.dense_y(layernorm_u), dim=-1)
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
        causal_block_r_past = (Past(2), Past(2))
        causal_block_s_past = (Past(2), Past(2))
        begin = 0
        z = start[:, None] if start.dim() == 1 else start
        if z.shape[1] < 1:
            raise ValueError("start should have at least one step")
        length = z.shape[1] + steps - 1
        if length > 32:
            raise ValueError(f"position_p has 32 steps, {length} are needed")
        generated: list[Tensor] = []
        for _ in range(steps):
            y = self.decode(z, causal_block_r_past, causal_block_s_past, begin)
            begin += z.shape[1]
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


def build_model() -> DecoderOnlyStack:
    """Build the model, with random weights."""
    return DecoderOnlyStack()


if __name__ == "__main__":
    model = build_model()
    print(model)
    z = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(z)
    print("y", tuple(outputs.shape))
