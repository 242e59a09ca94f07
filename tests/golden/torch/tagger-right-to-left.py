"""PyTorch model tagger-right-to-left: many-to-many aligned."""

import torch
from torch import Tensor, nn


class TaggerRightToLeft(nn.Module):
    """Map a sequence ``x`` to a sequence ``tags``.

        T T T T T   dense(4, softmax, name=tags)
        | | | | |
        H<H<H<H<H   gru(12)
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output tags: (5, 4)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(8, 12, batch_first=True)
        self.tags = nn.Linear(12, 4)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x.flip(1))
        # Computed from the last step to the first; in order again.
        gru_h = gru_h.flip(1)
        return torch.softmax(self.tags(gru_h), dim=-1)


def build_model() -> TaggerRightToLeft:
    """Build the model, with random weights."""
    return TaggerRightToLeft()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 8)
    with torch.no_grad():
        outputs = model(x)
    print("tags", tuple(outputs.shape))
