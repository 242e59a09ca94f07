"""PyTorch model transformer-translation: encoder-decoder, residual, attention, feedback."""

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
                larger.narrow(self.dim, 0, begin).copy_(self.memory.narrow(self.dim, 0, begin))
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
        numbers = torch.arange(begin, begin + steps, device=exponents.device).to(precise)
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


class TransformerTranslation(nn.Module):
    r"""Map 2 sequences to a sequence.

                      Y   Y   Y     dense(13, log_softmax)
                      |   |   |
                      H   H   H     layernorm
                      |   |   |
                      G   G   G     add
                      |\  |\  |\
                      O | O | O |   dense(8)
                      | | | | | |
                      Q | Q | Q |   dense(10, relu)
                      |/  |/  |/
                      K   K   K     layernorm
                      |   |   |
                      J   J   J     add
                      |\  |\  |\
                      C | C | C |
                      |/  |/  |/
                      M   M   M     layernorm
                      |   |   |
                      B   B   B     add
                      |\  |\  |\
                      U | U | U |   attention(heads=2, causal=true)
                      | | | | | |
                      +-|-+-|-+ |
        N   N   N     |/  |/  |/
        |   |   |     |   |   |
        A   A   A     |   |   |
        |\  |\  |\    |   |   |
        T | T | T |   |   |   |
        | | | | | |   |   |   |
        +-|-+-|-+ |   |   |   |
        |/  |/  |/    |   |   |
        E   E   E     L   L   L
        |\  |\  |\    |\  |\  |\
        V | V | V |   W | W | W |
        | P | P | P   | R | R | R
        |   |   |     |   |   |
        X   X   X     Z   Z   Z

        X = tokens(15, name=source)
        Z = tokens(13, name=target, feedback=Y)
        V = embedding(8)
        W = embedding(8)
        P = position(8, sin)
        R = position(8, sin)
        E = add
        L = add
        T = attention(heads=2)
        A = add
        N = layernorm
        C = attention(N, heads=2)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 13)
    """

    def __init__(self) -> None:
        super().__init__()
        self.position_p = SinePositions(8)
        self.position_r = SinePositions(8)
        self.embedding_v = nn.Embedding(15, 8)
        self.embedding_w = nn.Embedding(13, 8)
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)
        self.attention_u = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(8)
        self.attention_c = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_k = nn.LayerNorm(8)
        self.dense_q = nn.Linear(8, 10)
        self.dense = nn.Linear(10, 8)
        self.layernorm_h = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 13)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        position_p = self.position_p(3).expand(source.shape[0], -1, -1)
        position_r = self.position_r(3).expand(source.shape[0], -1, -1)
        embedding_v = self.embedding_v(source)
        embedding_w = self.embedding_w(target)
        add_e = embedding_v + position_p
        add_l = embedding_w + position_r
        attention_t, _ = self.attention_t(add_e, add_e, add_e, need_weights=False)
        add_a = attention_t + add_e
        layernorm_n = self.layernorm_n(add_a)
        causal_mask = torch.ones(
            add_l.shape[1],
            add_l.shape[1],
            dtype=torch.bool,
            device=add_l.device,
        ).triu(1)
        attention_u, _ = self.attention_u(
            add_l,
            add_l,
            add_l,
            need_weights=False,
            attn_mask=causal_mask,
        )
        add_b = attention_u + add_l
        layernorm_m = self.layernorm_m(add_b)
        attention_c, _ = self.attention_c(
            layernorm_m,
            layernorm_n,
            layernorm_n,
            need_weights=False,
        )
        add_j = attention_c + layernorm_m
        layernorm_k = self.layernorm_k(add_j)
        dense_q = torch.relu(self.dense_q(layernorm_k))
        dense = self.dense(dense_q)
        add_g = dense + layernorm_k
        layernorm_h = self.layernorm_h(add_g)
        return torch.log_softmax(self.dense_y(layernorm_h), dim=-1)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        position_p = self.position_p(3).expand(source.shape[0], -1, -1)
        embedding_v = self.embedding_v(source)
        add_e = embedding_v + position_p
        attention_t, _ = self.attention_t(add_e, add_e, add_e, need_weights=False)
        add_a = attention_t + add_e
        layernorm_n = self.layernorm_n(add_a)
        keys, values = project_memory(self.attention_c, layernorm_n, layernorm_n)
        return keys, values

    def decode(
        self,
        target: Tensor,
        keys: Tensor,
        values: Tensor,
        attention_u_keys: Past,
        attention_u_values: Past,
        begin: int,
    ) -> Tensor:
        """The next steps."""
        position_r = self.position_r(target.shape[1], begin).expand(
            target.shape[0],
            -1,
            -1,
        )
        embedding_w = self.embedding_w(target)
        add_l = embedding_w + position_r
        keys_2, values_2 = project_memory(self.attention_u, add_l, add_l)
        keys_2 = attention_u_keys.append(keys_2)
        values_2 = attention_u_values.append(values_2)
        attention_u = attend_heads(
            self.attention_u,
            add_l,
            keys_2,
            values_2,
            mask=past_mask(add_l, keys_2),
        )
        add_b = attention_u + add_l
        layernorm_m = self.layernorm_m(add_b)
        attention_c = attend_heads(self.attention_c, layernorm_m, keys, values)
        add_j = attention_c + layernorm_m
        layernorm_k = self.layernorm_k(add_j)
        dense_q = torch.relu(self.dense_q(layernorm_k))
        dense = self.dense(dense_q)
        add_g = dense + layernorm_k
        layernorm_h = self.layernorm_h(add_g)
        y = torch.log_softmax(self.dense_y(layernorm_h), dim=-1)
        return y

    @torch.no_grad()
    def generate(
        self,
        source: Tensor,
        *,
        start: Tensor,
        steps: int,
        temperature: float = 0.0,
        stop: int | None = None,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Let the model run free: each step of ``y`` is the next ``target``.

        Args:
            source: ids, (batch, steps).
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
        keys, values = self.encode(source)
        attention_u_keys = Past(2)
        attention_u_values = Past(2)
        begin = 0
        target = start[:, None] if start.dim() == 1 else start
        generated: list[Tensor] = []
        for _ in range(steps):
            y = self.decode(
                target,
                keys,
                values,
                attention_u_keys,
                attention_u_values,
                begin,
            )
            begin += target.shape[1]
            ids = choose_id(y[:, -1], temperature, generator)
            if stop is not None and generated:
                ids = ids.masked_fill(generated[-1] == stop, stop)
            generated.append(ids)
            if stop is not None and bool((ids == stop).all()):
                break
            target = ids[:, None]
        # All have stopped: the last ids are those of all steps that are left.
        generated += generated[-1:] * (steps - len(generated))
        return torch.stack(generated, dim=1)


def build_model() -> TransformerTranslation:
    """Build the model, with random weights."""
    return TransformerTranslation()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(15, (2, 3))
    target = torch.randint(13, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
