"""Releases with footnotes and topics, as Wagtail's documentation and that of wagtail-footnotes have it."""

from django.core.paginator import Paginator
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet
from wagtail_footnotes.blocks import RichTextBlockWithFootnotes

PER_PAGE = 20


@register_snippet
class Topic(models.Model):
    """An entry of the vocabulary."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class ReleaseIndexPage(Page):
    """The front page: all releases, newest first."""

    def get_context(self, request):
        """With a page of them."""
        return {**super().get_context(request), "page_of": page_of(request, releases())}


class ReleasePage(Page):
    """A release."""

    date = models.DateTimeField(db_index=True)
    summary = models.TextField(blank=True)
    body = StreamField([("paragraph", RichTextBlockWithFootnotes(features=["bold", "italic", "link"]))])
    topics = ParentalManyToManyField(Topic, blank=True, related_name="releases")

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]

    def get_context(self, request):
        """With the releases before and after it."""
        others = releases()
        return {
            **super().get_context(request),
            "earlier": others.filter(date__lt=self.date).order_by("-date").first(),
            "later": others.filter(date__gt=self.date).order_by("date").first(),
        }


def releases():
    """What readers may see, newest first."""
    return ReleasePage.objects.live().public().order_by("-date")


def page_of(request, found):
    """A page of twenty."""
    return Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
