"""Public addresses, each under its language's prefix: a promise to readers that they do not change."""

from django.urls import URLPattern

app_name = "releases"
urlpatterns: list[URLPattern] = []
