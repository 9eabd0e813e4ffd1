"""Pictures, in pure Pillow: the preview card of a release."""

from releases.pictures.card import SIZE, draw_card

__all__ = ["SIZE", "draw_card"]
