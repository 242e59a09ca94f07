"""PyTorch model translation-of-blocks: encoder-decoder, residual, attention, feedback, variable length."""

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
        self.table: Tensor | None = None

    def forward(self, steps: int, begin: int | None = None) -> Tensor:
        """The codes of so many steps from ``begin`` on, (steps, features)."""
        if begin is None:
            return self._codes(steps)
        end, table = begin + steps, self.table
        kind = (self.exponents.dtype, self.exponents.device)
        if table is None or (table.dtype, table.device) != kind or end > len(table):
            # Those of as many steps again are there for the next ones.
            table = self.table = self._codes(2 * end)
        return table[begin:end]

    def _codes(self, steps: int) -> Tensor:
        """The codes of the first steps."""
        precise = torch.promote_types(self.exponents.dtype, torch.float32)
        exponents = self.exponents.to(precise)
        numbers = torch.arange(steps, dtype=precise, device=exponents.device)
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


class ReadingBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        |/  |/      |/
        M   M   ... M     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2)
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.width = width
        self.attention_t = nn.MultiheadAttention(width, 2, batch_first=True)
        self.layernorm_m = nn.LayerNorm(width)
        self.dense_d = nn.Linear(width, 2 * width)
        self.dense_f = nn.Linear(2 * width, width)
        self.layernorm_n = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        attention_t, _ = self.attention_t(x, x, x, need_weights=False)
        add_a = attention_t + x
        layernorm_m = self.layernorm_m(add_a)
        dense_d = torch.relu(self.dense_d(layernorm_m))
        dense_f = self.dense_f(dense_d)
        add_b = dense_f + layernorm_m
        n: Tensor = self.layernorm_n(add_b)
        return n


class WritingBlock(nn.Module):
    r"""Map a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2, causal=true)
        |/  |/      |/
        X   X   ... X     input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output n: (None, 8)
    """

    def __init__(self) -> None:
        super().__init__()
        self.attention_t = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)

    def forward(self, x: Tensor) -> Tensor:
        causal_mask = torch.ones(
            x.shape[1],
            x.shape[1],
            dtype=torch.bool,
            device=x.device,
        ).triu(1)
        attention_t, _ = self.attention_t(
            x,
            x,
            x,
            need_weights=False,
            attn_mask=causal_mask,
            is_causal=True,
        )
        add_a = attention_t + x
        n: Tensor = self.layernorm_n(add_a)
        return n

    def decode(self, x: Tensor, past: tuple[Past, Past]) -> Tensor:
        """The next steps, from what is kept of earlier ones."""
        attention_t_keys, attention_t_values = past
        queries, keys, values = project_heads(self.attention_t, x)
        keys = attention_t_keys.append(keys)
        values = attention_t_values.append(values)
        attention_t = join_heads(
            self.attention_t,
            queries,
            keys,
            values,
            mask=past_mask(x, keys),
        )
        add_a = attention_t + x
        n: Tensor = self.layernorm_n(add_a)
        return n


class TranslationOfBlocks(nn.Module):
    r"""Map 2 sequences to a sequence.

                          Y   Y   ... Y
                          |   |       |
                          N   N   ... N
                          |   |       |
                          J   J   ... J
                          |\  |\      |\
        E   E   ... E     C | C | ... C |
        |   |       |     |/  |/      |/
        G   G   ... G     D   D   ... D
        |   |       |     |   |       |
        B   B   ... B     A   A   ... A
        |\  |\      |\    |\  |\      |\
        P | P | ... P |   Q | Q | ... Q |
          |   |       |     |   |       |
          V   V ...   V     W   W ...   W
          |   |       |     |   |       |
          X   X ...   X     Z   Z ...   Z

        X = tokens(20, name=source)
        Z = tokens(20, feedback=Y, name=target)
        V = embedding(8)
        W = embedding(8)
        P = position(8, sin)
        Q = position(8, sin)
        A = add
        B = add
        G = reading_block
        E = reading_block
        D = writing_block
        C = attention(E, heads=2)
        J = add
        N = layernorm
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input source: (None,) int32
        input target: (None,) int32
        output y: (None, 20)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_v = nn.Embedding(20, 8)
        self.embedding_w = nn.Embedding(20, 8)
        self.position_p = SinePositions(8)
        self.position_q = SinePositions(8)
        self.reading_block_g = ReadingBlock()
        self.writing_block_d = WritingBlock()
        self.reading_block_e = ReadingBlock()
        self.attention_c = nn.MultiheadAttention(8, 2, batch_first=True)
        self.layernorm_n = nn.LayerNorm(8)
        self.dense_y = nn.Linear(8, 20)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_v = self.embedding_v(source)
        embedding_w = self.embedding_w(target)
        position_p = self.position_p(source.shape[1]).expand(source.shape[0], -1, -1)
        position_q = self.position_q(target.shape[1]).expand(target.shape[0], -1, -1)
        add_b = position_p + embedding_v
        add_a = position_q + embedding_w
        reading_block_g = self.reading_block_g(add_b)
        writing_block_d = self.writing_block_d(add_a)
        reading_block_e = self.reading_block_e(reading_block_g)
        attention_c, _ = self.attention_c(
            writing_block_d,
            reading_block_e,
            reading_block_e,
            need_weights=False,
        )
        add_j = attention_c + writing_block_d
        layernorm_n = self.layernorm_n(add_j)
        return torch.log_softmax(self.dense_y(layernorm_n), dim=-1)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        embedding_v = self.embedding_v(source)
        position_p = self.position_p(source.shape[1]).expand(source.shape[0], -1, -1)
        add_b = position_p + embedding_v
        reading_block_g = self.reading_block_g(add_b)
        reading_block_e = self.reading_block_e(reading_block_g)
        keys, values = project_memory(
            self.attention_c,
            reading_block_e,
            reading_block_e,
        )
        return keys, values

    def decode(
        self,
        target: Tensor,
        keys: Tensor,
        values: Tensor,
        writing_block_d_past: tuple[Past, Past],
        begin: int,
    ) -> Tensor:
        """The next steps."""
        embedding_w = self.embedding_w(target)
        position_q = self.position_q(target.shape[1], begin).expand(
            target.shape[0],
            -1,
            -1,
        )
        add_a = position_q + embedding_w
        writing_block_d = self.writing_block_d.decode(add_a, writing_block_d_past)
        attention_c = attend_heads(self.attention_c, writing_block_d, keys, values)
        add_j = attention_c + writing_block_d
        layernorm_n = self.layernorm_n(add_j)
        y = torch.log_softmax(self.dense_y(layernorm_n), dim=-1)
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
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        keys, values = self.encode(source)
        writing_block_d_past = (Past(2), Past(2))
        begin = 0
        target = start[:, None] if start.dim() == 1 else start
        if target.shape[1] < 1:
            raise ValueError("start should have at least one step")
        generated: list[Tensor] = []
        for _ in range(steps):
            y = self.decode(target, keys, values, writing_block_d_past, begin)
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


def build_model() -> TranslationOfBlocks:
    """Build the model, with random weights."""
    return TranslationOfBlocks()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(20, (2, 6))
    target = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
