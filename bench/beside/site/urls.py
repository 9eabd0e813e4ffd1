"""Its addresses; what is none of these is a page of the tree."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail_footnotes import urls as footnotes_urls

from bench.beside.site import views

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("footnotes/", include(footnotes_urls)),
    path("topics/", views.topics),
    path("topics/<str:slug>/", views.topic),
    path("archive/<int:year>/", views.archive),
    path("archive/<int:year>/<int:month>/", views.archive),
    path("search/", views.search),
    path("feed.rss", views.ReleaseFeed()),
    path("", include(wagtail_urls)),
]
