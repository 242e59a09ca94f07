"""PyTorch model attention-state-before: encoder-decoder, attention, state handoff, feedback."""

import torch
from torch import Tensor, nn


class AdditiveAttention(nn.Module):
    """Attention whose scores are a trained vector times ``tanh(query + key)``."""

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, query: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Attend to the steps that are true in ``mask``, (batch, queries, steps)."""
        # Every query with every key: (batch, queries, steps, features).
        pairs = torch.tanh(query[:, :, None] + keys[:, None])
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


class AttentionStateBefore(nn.Module):
    """Map 2 sequences to a sequence.

                    Y   Y   Y
                    |   |   |
        E-E-E-E-----D---D---D
        | | | |    /|  /|  /|
        | | | |   C | C | C |
        | | | |   | | | | | |
        | | | |   d | d | d |
        | | | |     |   |   |
        W W W W     V   V   V
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(40, name=source)
        Z = tokens(50, name=target, feedback=Y)
        W = embedding(24)
        V = embedding(24)
        E = gru(32, name=encoder)
        D = gru(32, name=decoder)
        C = attention(E, score=additive)
        Y = dense(50, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3,) int32
        output y: (3, 50)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(40, 24)
        self.embedding_v = nn.Embedding(50, 24)
        self.encoder = nn.GRU(24, 32, batch_first=True)
        self.decoder = nn.GRU(56, 32, batch_first=True)
        self.attention_c = AdditiveAttention(32)
        self.dense_y = nn.Linear(32, 50)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        embedding_w = self.embedding_w(source)
        embedding_v = self.embedding_v(target)
        encoder, encoder_state = self.encoder(embedding_w)
        decoder = encoder_state[-1]
        decoder_state = encoder_state
        decoder_steps = []
        embedding_v_steps = embedding_v.unbind(1)
        for step in range(3):
            attention_c = self.attention_c(decoder.unsqueeze(1), encoder, encoder)[:, 0]
            joined = torch.cat((attention_c, embedding_v_steps[step]), dim=-1)
            decoder, decoder_state = self.decoder(joined.unsqueeze(1), decoder_state)
            decoder = decoder.squeeze(1)
            decoder_steps.append(decoder)
        decoder = torch.stack(decoder_steps, dim=1)
        return torch.log_softmax(self.dense_y(decoder), dim=-1)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is computed once, whatever is generated."""
        embedding_w = self.embedding_w(source)
        encoder, encoder_state = self.encoder(embedding_w)
        return encoder, encoder_state, encoder_state[-1].unsqueeze(1)

    def decode(
        self,
        target: Tensor,
        encoder: Tensor,
        decoder_state: Tensor,
        decoder_before: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next step, (batch, 1, ...), and the state behind it."""
        embedding_v = self.embedding_v(target)
        attention_c = self.attention_c(decoder_before, encoder, encoder)
        joined = torch.cat((attention_c, embedding_v), dim=-1)
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
        encoder, decoder_state, decoder_before = self.encode(source)
        prompt = start[:, None] if start.dim() == 1 else start
        if prompt.shape[1] < 1:
            raise ValueError("start should have at least one step")
        # All but the last step of the prompt change the state alone.
        for step in range(prompt.shape[1] - 1):
            target = prompt[:, step : step + 1]
            y, decoder_state, decoder_before = self.decode(
                target,
                encoder,
                decoder_state,
                decoder_before,
            )
        target = prompt[:, -1:]
        generated: list[Tensor] = []
        for _ in range(steps):
            y, decoder_state, decoder_before = self.decode(
                target,
                encoder,
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


def build_model() -> AttentionStateBefore:
    """Build the model, with random weights."""
    return AttentionStateBefore()


if __name__ == "__main__":
    model = build_model()
    print(model)
    source = torch.randint(40, (2, 4))
    target = torch.randint(50, (2, 3))
    with torch.no_grad():
        outputs = model(source, target)
    print("y", tuple(outputs.shape))
