"""Pictures, in pure Pillow: what may come in and the forms that readers get; the preview card of a release."""

from releases.pictures.card import SIZE, draw_card
from releases.pictures.renditions import (
    CARD,
    MASTER,
    Taken,
    Unfit,
    cleaned,
    height_at,
    is_pure,
    names_of,
    renditions,
    take,
    widths_of,
)

__all__ = [
    "CARD", "MASTER", "SIZE", "Taken", "Unfit", "cleaned", "draw_card", "height_at", "is_pure", "names_of", "renditions", "take", "widths_of",
]  # fmt: skip
