"""A newsroom with every kind of public page in every language, made once a module."""

import pytest
from django.test import override_settings

from releases import workflow
from releases.models import FormerPath, Release
from releases.workflow import topics
from tests.every_page import every_page


@pytest.fixture(scope="module")
def newsroom(module_makers):
    """Also lists of two pages, a former address, a topic that was merged, and a path of an older site."""
    bridges, ferries = module_makers.topic("Bridges"), module_makers.topic("Ferries")
    with override_settings(PUBLIC_HISTORY=True):
        every_page(module_makers)
        for number in range(21):
            release = module_makers.release(f"Crossing {number}", topics=[bridges], notes=1)
        workflow.readdress(release, slug="the-last-crossing", by=module_makers.editor)
        topics.merge(ferries, bridges, by=module_makers.user("charles", "chief"))
        FormerPath.objects.create(path="/node/17", release=Release.objects.get(pk=release.pk))
        yield module_makers
