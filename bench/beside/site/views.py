"""What is no page of the tree: topics, the archive, the search, the feed, and the frame around all of them."""

from django.contrib.syndication.views import Feed
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils.feedgenerator import Rss201rev2Feed
from wagtail.models import Site

from bench.beside.site.models import ReleasePage, Topic, page_of, releases


def frame(request):
    """Every page has the index of topics at its foot."""
    return {"index": Topic.objects.all()}


def topics(request):
    """All topics with their numbers."""
    found = Topic.objects.filter(releases__live=True).annotate(number=Count("releases"))
    return render(request, "topics.html", {"topics": found})


def topic(request, slug):
    """The releases under one."""
    found = get_object_or_404(Topic, slug=slug)
    return render(
        request,
        "list.html",
        {"title": found.name, "page_of": page_of(request, releases().filter(topics=found))},
    )


def archive(request, year, month=None):
    """The releases of a year or a month, and links to all others."""
    found = releases().filter(date__year=year)
    if month:
        found = found.filter(date__month=month)
    months = releases().dates("date", "month", order="DESC")
    return render(request, "list.html", {"title": year, "months": months, "page_of": page_of(request, found)})


def search(request):
    """As Wagtail's project template has it."""
    words = request.GET.get("q", "")
    found = ReleasePage.objects.live().search(words)
    return render(request, "list.html", {"title": words, "page_of": page_of(request, found)})


class FullText(Rss201rev2Feed):
    """RSS with the whole text."""

    def rss_attributes(self):
        """The namespace of the text."""
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler, item):
        """The text after the rest."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class ReleaseFeed(Feed):
    """The newest twenty."""

    feed_type = FullText
    title, link, description = "Releases", "/", "The latest"

    def items(self):
        """With what they show."""
        return releases().prefetch_related("topics", "footnotes")[:20]

    def item_title(self, item):
        """Plain."""
        return item.title

    def item_description(self, item):
        """Plain."""
        return item.summary

    def item_link(self, item):
        """By the site's root."""
        return item.get_url(current_site=Site.objects.get(is_default_site=True))

    def item_pubdate(self, item):
        """The day."""
        return item.date

    def item_categories(self, item):
        """Its topics."""
        return [one.name for one in item.topics.all()]

    def item_extra_kwargs(self, item):
        """The text with its notes."""
        blocks = "".join(str(block.render(context={"page": item})) for block in item.body)
        return {
            "content": blocks + render(None, "wagtail_footnotes/includes/footnotes.html", {"page": item}).text
        }
