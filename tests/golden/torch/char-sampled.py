"""PyTorch model char-sampled: graph, feedback, variable length."""

import torch
from torch import Tensor, nn


class SampleIds(nn.Module):
    """Draw an id at each step, from logits or probabilities, at a temperature."""

    def __init__(self, temperature: float = 1.0, probabilities: bool = False) -> None:
        super().__init__()
        if temperature <= 0:
            raise ValueError(f"temperature should be above 0, it is {temperature}")
        self.temperature = temperature
        self.probabilities = probabilities

    def forward(self, x: Tensor) -> Tensor:
        if self.probabilities:
            # Of zero there is no logarithm: padded steps are zero.
            x = x.clamp(min=torch.finfo(x.dtype).tiny).log()
        weights = torch.softmax(x / self.temperature, dim=-1)
        ids = torch.multinomial(weights.flatten(0, -2), 1)
        return ids.view(x.shape[:-1]).int()


class CharSampled(nn.Module):
    """Map a sequence ``prompt`` to a sequence ``c``.

                  C C C C   sample(temperature)
                  | | | |
                  Y Y Y Y   dense(26)
                  | | | |
        H-H-...-H-H-H-H-H   gru(24)
        | |     | | | | |
        W W ... W W W W W   embedding(12)
        | |     | | | | |
        | |     | | c c c
        | |     | |
        X X ... X X         tokens(26, name=prompt)

        temperature = 0.8

    Shapes, without the batch:
        input prompt: (None,) int32
        output c: (4,)
    """

    def __init__(self, temperature: float = 0.8) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(26, 12)
        self.gru_h = nn.GRU(12, 24, batch_first=True)
        self.dense_y = nn.Linear(24, 26)
        self.ids_c = SampleIds(temperature)

    def forward(self, prompt: Tensor) -> Tensor:
        embedding_w_known = self.embedding_w(prompt[:, :-1])
        _, gru_h_known_state = self.gru_h(embedding_w_known)
        c = prompt[:, -1]
        gru_h_state = gru_h_known_state
        c_steps = []
        for _ in range(4):
            embedding_w = self.embedding_w(c)
            gru_h, gru_h_state = self.gru_h(embedding_w.unsqueeze(1), gru_h_state)
            gru_h = gru_h.squeeze(1)
            dense_y = self.dense_y(gru_h)
            c = self.ids_c(dense_y)
            c_steps.append(c)
        return torch.stack(c_steps, dim=1)


def build_model(temperature: float = 0.8) -> CharSampled:
    """Build the model, with random weights."""
    return CharSampled(temperature=temperature)


if __name__ == "__main__":
    model = build_model()
    print(model)
    prompt = torch.randint(26, (2, 7))
    with torch.no_grad():
        outputs = model(prompt)
    print("c", tuple(outputs.shape))
