"""The form fields that need more than a plain input."""

from releases.widgets.body import BodyEditor
from releases.widgets.picture import PictureField
from releases.widgets.topics import TopicField, TopicPicker

__all__ = ["BodyEditor", "PictureField", "TopicField", "TopicPicker"]
