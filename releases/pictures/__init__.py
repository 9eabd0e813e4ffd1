"""Pictures, in pure Pillow: normalising uploads, renditions for readers, and the preview card of a release."""

from releases.pictures.card import SIZE, draw_card
from releases.pictures.renditions import (
    CARD,
    MASTER,
    NormalisedPicture,
    UnacceptablePicture,
    height_at,
    holds_only_pixels,
    names_of,
    normalise,
    reencode,
    renditions,
    widths_of,
)

__all__ = [
    "CARD", "MASTER", "SIZE", "NormalisedPicture", "UnacceptablePicture", "draw_card", "height_at", "holds_only_pixels", "names_of", "normalise",
    "reencode", "renditions", "widths_of",
]  # fmt: skip
