"""PyTorch model translation-state-asks: encoder-decoder, attention, state handoff, feedback."""

import torch
from torch import Tensor, nn


class BahdanauAttention(nn.Module):
    """Attention by a trained vector, of projected queries and keys (Bahdanau et al. 2014)."""

    def __init__(self, query: int, keys: int, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.query = nn.Linear(query, width, bias=False)
        self.key = nn.Linear(keys, width, bias=False)
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        return self.attend(query, self.key(keys), values, mask)

    def attend(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """The same, with keys that are projected already."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(self.query(query)[:, :, None] + keys[:, None])
        scores = self.score(pairs).squeeze(-1)
        if mask is not None:
            scores = scores.masked_fill(~mask, float("-inf"))
        weights: Tensor = self.dropout(scores.softmax(dim=-1))
        return weights @ values


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


class TranslationStateAsks(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y
                    |   |   |
        E-E-E-E-----D---D---D
        | | | |    /|  /|  /|
        | | | |   C | C | C |
        | | | |   | | | | | |
        | | | |   d | d | d |
        | | | |     |   |   |
        P P P P     Q   Q   Q
        | | | |     |   |   |
        V V V V     W   W   W
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(15, name=source)
        Z = tokens(13, name=target, feedback=Y)
        V = embedding(6)
        W = embedding(6)
        P = dropout(0.1)
        Q = dropout(0.1)
        E = gru(6, name=encoder)
        D = gru(6, name=decoder)
        C = attention(E, score=additive, key=6)
        Y = dense(13, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3,) int32
        output y: (3, 13)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_v = nn.Embedding(15, 6)
        self.embedding_w = nn.Embedding(13, 6)
        self.dropout_p = nn.Dropout(0.1)
        self.dropout_q = nn.Dropout(0.1)
        self.encoder = nn.GRU(6, 6, batch_first=True)
        self.attention_c = BahdanauAttention(6, 6, 6)
        self.decoder = nn.GRU(12, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 13)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_v = self.embedding_v(source)
        embedding_w = self.embedding_w(target)
        dropout_p = self.dropout_p(embedding_v)
        dropout_q = self.dropout_q(embedding_w)
        encoder, encoder_state = self.encoder(dropout_p)
        decoder = encoder_state[-1]
        keys = self.attention_c.key(encoder)
        decoder_state = encoder_state
        decoder_steps = []
        dropout_q_steps = dropout_q.unbind(1)
        for step in range(3):
            attention_c = self.attention_c.attend(
                decoder.unsqueeze(1),
                keys,
                encoder,
            )[:, 0]
            joined = torch.cat((attention_c, dropout_q_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_steps.append(decoder)
        decoder = torch.stack(decoder_steps, dim=1)
        return torch.log_softmax(self.dense_y(decoder), dim=-1)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        embedding_v = self.embedding_v(source)
        dropout_p = self.dropout_p(embedding_v)
        encoder, encoder_state = self.encoder(dropout_p)
        keys = self.attention_c.key(encoder)
        return encoder, keys, encoder_state, encoder_state[-1].unsqueeze(1)

    def decode(
        self,
        target: Tensor,
        encoder: Tensor,
        keys: Tensor,
        decoder_state: Tensor,
        decoder_before: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next step, (batch, 1, ...), and the state behind it."""
        embedding_w = self.embedding_w(target)
        dropout_q = self.dropout_q(embedding_w)
        attention_c = self.attention_c.attend(decoder_before, keys, encoder)
        joined = torch.cat((attention_c, dropout_q), dim=-1)
        decoder, decoder_state = self.decoder(joined, decoder_state)
        y = torch.log_softmax(self.dense_y(decoder), dim=-1)
        return y, decoder_state, decoder

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
        encoder, keys, decoder_state, decoder_before = self.encode(source)
        prompt = start[:, None] if start.dim() == 1 else start
        if prompt.shape[1] < 1:
            raise ValueError("start should have at least one step")
        # All but the last step of the prompt change the state alone.
        for step in range(prompt.shape[1] - 1):
            target = prompt[:, step : step + 1]
            y, decoder_state, decoder_before = self.decode(
                target,
                encoder,
                keys,
                decoder_state,
                decoder_before,
            )
        target = prompt[:, -1:]
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state, decoder_before = self.decode(
                target,
                encoder,
                keys,
                decoder_state,
                decoder_before,
            )
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


def build_model() -> TranslationStateAsks:
    """Build the model, with random weights."""
    return TranslationStateAsks()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(15, (2, 4))
    target = torch.randint(13, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
