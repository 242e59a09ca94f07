"""PyTorch model next-character: many-to-one, variable length."""

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


class NextCharacter(nn.Module):
    """Map a sequence ``characters`` to a token ``c``.

                C   sample(temperature)
                |
                Y   dense(26, softmax)
                |
        H-H-...-H   gru(24)
        | |     |
        W W ... W   embedding(12)
        | |     |
        X X ... X   tokens(26, name=characters)

        temperature = 0.8

    Shapes, without the batch:
        input characters: (None,) int32
        output c: ()
    """

    def __init__(self, temperature: float = 0.8) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(26, 12)
        self.gru_h = nn.GRU(12, 24, batch_first=True)
        self.dense_y = nn.Linear(24, 26)
        self.ids_c = SampleIds(temperature, probabilities=True)

    def forward(self, characters: Tensor) -> Tensor:
        embedding_w = self.embedding_w(characters)
        _, h_n = self.gru_h(embedding_w)
        dense_y = torch.softmax(self.dense_y(h_n[-1]), dim=-1)
        c: Tensor = self.ids_c(dense_y)
        return c


def build_model(temperature: float = 0.8) -> NextCharacter:
    """Build the model, with random weights."""
    return NextCharacter(temperature=temperature)


if __name__ == "__main__":
    model = build_model()
    print(model)
    characters = torch.randint(26, (2, 6))
    with torch.no_grad():
        outputs = model(characters)
    print("c", tuple(outputs.shape))
