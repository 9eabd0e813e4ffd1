"""The pages for staff, in Django's admin. They call the workflow and hold no rules."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit.admin import Tag

from releases.admin import event, picture, release, source, topic

__all__ = ["event", "picture", "release", "source", "topic"]

# Our topics have pages of their own; taggit's tags are used by nothing here.
admin.site.unregister(Tag)
admin.site.site_header = settings.NEWSROOM["name"]
admin.site.site_title = settings.NEWSROOM["name"]
admin.site.index_title = _("Desk")
admin.site.enable_nav_sidebar = False
