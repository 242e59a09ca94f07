"""PyTorch model music-two-voices: many-to-many aligned, feedback."""

import torch
from torch import Tensor, nn


def choose_id(
    logits: Tensor, temperature: float, generator: torch.Generator | None
) -> Tensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return logits.argmax(dim=-1)
    weights = torch.softmax(logits / temperature, dim=-1)
    return torch.multinomial(weights, 1, generator=generator)[:, 0]


class MusicTwoVoices(nn.Module):
    """Map 2 sequences to 2 sequences.

          S   S   S   S     dense(40, log_softmax)
          |   |   |   |
          | A | A | A | A   dense(30, log_softmax)
          |/  |/  |/  |/
          H---H---H---H     gru(8)
         /|  /|  /|  /|
        P | P | P | P |     embedding(6)
        | Q | Q | Q | Q     embedding(5)
        | | | | | | | |
        V | V | V | V |
          W   W   W   W

        V = tokens(40, feedback=S, name=soprano)
        W = tokens(30, feedback=A, name=alto)

    Shapes, without the batch:
        input soprano: (4,) int32
        input alto: (4,) int32
        output s: (4, 40)
        output a: (4, 30)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_q = nn.Embedding(30, 5)
        self.embedding_p = nn.Embedding(40, 6)
        self.gru_h = nn.GRU(11, 8, batch_first=True)
        self.dense_a = nn.Linear(8, 30)
        self.dense_s = nn.Linear(8, 40)

    def forward(self, soprano: Tensor, alto: Tensor) -> tuple[Tensor, Tensor]:
        embedding_q = self.embedding_q(alto)
        embedding_p = self.embedding_p(soprano)
        joined = torch.cat((embedding_p, embedding_q), dim=-1)
        gru_h, _ = self.gru_h(joined)
        a = torch.log_softmax(self.dense_a(gru_h), dim=-1)
        s = torch.log_softmax(self.dense_s(gru_h), dim=-1)
        return s, a

    def decode(
        self,
        soprano: Tensor,
        alto: Tensor,
        gru_h_state: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The next steps, and the state behind them."""
        embedding_q = self.embedding_q(alto)
        embedding_p = self.embedding_p(soprano)
        joined = torch.cat((embedding_p, embedding_q), dim=-1)
        gru_h, gru_h_state = self.gru_h(joined, gru_h_state)
        a = torch.log_softmax(self.dense_a(gru_h), dim=-1)
        s = torch.log_softmax(self.dense_s(gru_h), dim=-1)
        return s, a, gru_h_state

    @torch.no_grad()
    def generate(
        self,
        *,
        start: dict[str, Tensor],
        steps: int,
        temperature: float = 0.0,
        stop: dict[str, int] | None = None,
        generator: torch.Generator | None = None,
    ) -> dict[str, Tensor]:
        """Let the model run free: what it gives at each step is what it reads at the next.

        Args:
            start: prompts by input name: ids, (batch, steps);
                of one step without that axis.
            steps: how many steps to generate.
            temperature: 0 takes the most probable id, above it ids are drawn.
            stop: ids by input name. A sample ends with the first step that has one of
                them, and is filled with that step.
            generator: what draws.

        Returns:
            By input name: ids, (batch, steps), without the prompts.
        """
        if steps < 1:
            raise ValueError(f"steps should be at least 1, it is {steps}")
        if temperature < 0:
            raise ValueError(f"temperature should be at least 0, it is {temperature}")
        for name in stop or ():
            if name not in ("soprano", "alto"):
                raise ValueError(f"stop may have soprano and alto, it has {name}")
        gru_h_state: Tensor | None = None
        if start.keys() != {"soprano", "alto"}:
            raise ValueError(
                f"start should have soprano and alto, it has {', '.join(start)}"
            )
        prompt: dict[str, Tensor] = {}
        for name, axes in (("soprano", 2), ("alto", 2)):
            first = start[name]
            prompt[name] = first[:, None] if first.dim() < axes else first
        if len({first.shape[1] for first in prompt.values()}) > 1:
            raise ValueError(
                "the prompts in start should have the same number of steps"
            )
        if not all(first.shape[1] for first in prompt.values()):
            raise ValueError("start should have at least one step")
        soprano = prompt["soprano"]
        alto = prompt["alto"]
        generated: dict[str, list[Tensor]] = {"soprano": [], "alto": []}
        ended: Tensor | None = None
        for _ in range(steps):
            s, a, gru_h_state = self.decode(soprano, alto, gru_h_state)
            ids = choose_id(s[:, -1], temperature, generator)
            soprano = ids[:, None]
            ids = choose_id(a[:, -1], temperature, generator)
            alto = ids[:, None]
            if ended is not None:
                # A sample that has ended stays as it was.
                before = generated["soprano"][-1]
                soprano = torch.where(ended, before, soprano)
                before = generated["alto"][-1]
                alto = torch.where(ended, before, alto)
            generated["soprano"].append(soprano)
            generated["alto"].append(alto)
            if stop:
                over = [generated[name][-1] == id for name, id in stop.items()]
                ended = torch.stack(over).any(dim=0)
                if bool(ended.all()):
                    break
        # All have ended: their last step is that of all steps that are left.
        return {
            name: torch.cat(made + made[-1:] * (steps - len(made)), dim=1)
            for name, made in generated.items()
        }


def build_model() -> MusicTwoVoices:
    """Build the model, with random weights."""
    return MusicTwoVoices()


if __name__ == "__main__":
    model = build_model()
    print(model)
    soprano = torch.randint(40, (2, 4))
    alto = torch.randint(30, (2, 4))
    with torch.no_grad():
        outputs = model(soprano, alto)
    for name, output in zip(["s", "a"], outputs, strict=True):
        print(name, tuple(output.shape))
