"""How to follow the newsroom: the addresses of its feeds."""

from django.http import HttpRequest, HttpResponse

from releases.views.index import topic_index
from releases.views.public import everywhere, page, public


@public
def follow(request: HttpRequest) -> HttpResponse:
    """The feeds of everything, and how to find those of a topic."""
    index = topic_index(request.language)
    return page(request, "releases/follow.html", {"here": "follow"}, index=index, same=everywhere("follow"))
