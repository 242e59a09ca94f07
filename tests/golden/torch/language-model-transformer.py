"""PyTorch model language-model-transformer: many-to-many aligned, residual, attention, feedback, variable length."""

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


class SinePositions(nn.Module):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017)."""

    exponents: Tensor

    def __init__(self, features: int) -> None:
        super().__init__()
        self.features = features
        # A buffer: it is where, and as precise as, the module's weights are.
        exponents = torch.arange(0.0, features, 2)
        self.register_buffer("exponents", exponents, persistent=False)

    def forward(self, steps: int, begin: int = 0) -> Tensor:
        """The codes of so many steps from ``begin`` on, (steps, features)."""
        precise = torch.promote_types(self.exponents.dtype, torch.float32)
        exponents = self.exponents.to(precise)
        end = begin + steps
        numbers = torch.arange(begin, end, device=exponents.device).to(precise)
        angles = numbers[:, None] / 10000 ** (exponents / self.features)
        codes = torch.stack((angles.sin(), angles.cos()), dim=-1).flatten(1)
        return codes[:, : self.features].to(self.exponents.dtype)


def attend_heads(
    layer: nn.MultiheadAttention,
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None = None,
) -> Tensor:
    """Attend to projected keys and values, those that are true in ``mask``."""
    width = layer.embed_dim
    if layer.kdim == layer.vdim == width:
        weight_q = layer.in_proj_weight[:width]
    else:
        weight_q = layer.q_proj_weight
    q = F.linear(query, weight_q, layer.in_proj_bias[:width])
    attended = F.scaled_dot_product_attention(
        q.view(*q.shape[:2], layer.num_heads, -1).transpose(1, 2),
        keys,
        values,
        # The same for all heads.
        attn_mask=None if mask is None else mask.unsqueeze(-3),
        dropout_p=layer.dropout if layer.training else 0.0,
    )
    output: Tensor = layer.out_proj(attended.transpose(1, 2).flatten(2))
    return output


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


def past_mask(query: Tensor, keys: Tensor) -> Tensor | None:
    """Which keys the last steps read, (1, queries, steps); ``None``: all.

    That is their own, and those before.
    """
    queries, steps = query.shape[1], keys.shape[-2]
    if queries == 1:
        return None
    every = torch.ones(queries, steps, dtype=torch.bool, device=query.device)
    return every.tril(steps - queries)[None]


def project_memory(
    layer: nn.MultiheadAttention, keys: Tensor, values: Tensor
) -> tuple[Tensor, Tensor]:
    """The keys and values of each head, (batch, heads, steps, features)."""
    _, bias_k, bias_v = layer.in_proj_bias.chunk(3)
    if layer.kdim == layer.vdim == layer.embed_dim:
        _, weight_k, weight_v = layer.in_proj_weight.chunk(3)
    else:
        weight_k, weight_v = layer.k_proj_weight, layer.v_proj_weight
    k, v = F.linear(keys, weight_k, bias_k), F.linear(values, weight_v, bias_v)
    shape = (*k.shape[:2], layer.num_heads, -1)
    return k.view(shape).transpose(1, 2), v.view(shape).transpose(1, 2)


class LanguageModelTransformer(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     dense(20, log_softmax)
        |   |       |
        M   M   ... M     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        G | G | ... G |   dense(8)
        | | | |     | |
        F | F | ... F |   dense(10, relu)
        |/  |/      |/
        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2, causal=true, dropout=0.1)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        E   E   ... E     add
        |\  |\      |\
        W | W | ... W |   embedding(8)
        | P | P ... | P   position(8, sin)
        |   |       |
        X   X   ... X     tokens(20, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = SinePositions(8)
        self.embedding_w = nn.Embedding(20, 8)
        self.attention_t = nn.MultiheadAttention(8, 2, dropout=0.1, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)
        self.dense_f = nn.Linear(8, 10)
        self.dense_g = nn.Linear(10, 8)
        self.layernorm_m = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 20)

    def forward(self, x: Tensor) -> Tensor:
        position_p = self.position_p(x.shape[1]).expand(x.shape[0], -1, -1)
        embedding_w = self.embedding_w(x)
        add_e = embedding_w + position_p
        causal_mask = torch.ones(
            add_e.shape[1],
            add_e.shape[1],
            dtype=torch.bool,
            device=add_e.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            add_e,
            add_e,
            add_e,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = attention_t + add_e
        layernorm_n = self.layernorm_n(add_a)
        dense_f = torch.relu(self.dense_f(layernorm_n))
        dense_g = self.dense_g(dense_f)
        add_b = dense_g + layernorm_n
        layernorm_m = self.layernorm_m(add_b)
        return torch.log_softmax(self.dense_y(layernorm_m), dim=-1)

    def decode(
        self,
        x: Tensor,
        attention_t_keys: Past,
        attention_t_values: Past,
        begin: int,
    ) -> Tensor:
        """The next steps."""
        position_p = self.position_p(x.shape[1], begin).expand(x.shape[0], -1, -1)
        embedding_w = self.embedding_w(x)
        add_e = embedding_w + position_p
        keys, values = project_memory(self.attention_t, add_e, add_e)
        keys = attention_t_keys.append(keys)
        values = attention_t_values.append(values)
        attention_t = attend_heads(
            self.attention_t,
            add_e,
            keys,
            values,
            mask=past_mask(add_e, keys),
        )
        add_a = attention_t + add_e
        layernorm_n = self.layernorm_n(add_a)
        dense_f = torch.relu(self.dense_f(layernorm_n))
        dense_g = self.dense_g(dense_f)
        add_b = dense_g + layernorm_n
        layernorm_m = self.layernorm_m(add_b)
        y = torch.log_softmax(self.dense_y(layernorm_m), dim=-1)
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
        attention_t_keys = Past(2)
        attention_t_values = Past(2)
        begin = 0
        x = start[:, None] if start.dim() == 1 else start
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


def build_model() -> LanguageModelTransformer:
    """Build the model, with random weights."""
    return LanguageModelTransformer()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
