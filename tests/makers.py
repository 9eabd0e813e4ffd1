"""People, topics, releases and pictures in any state, all made through the workflow."""

import itertools
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from newsroom.accounts.models import User, assign_role
from releases import workflow
from releases.models import Picture, Release, Topic
from releases.workflow import Words

NOTE_KEYS = (f"k{number:05d}" for number in itertools.count())


class Makers:
    """Fixtures lend its methods to each test; with `module_makers` the tests of a module share what is made once."""

    def user(
        self, name: str = "ed", role: str = "editor", password: str = "correct horse battery staple"
    ) -> User:
        """A person with a role."""
        user = User.objects.create_user(name, password=password)
        assign_role(user, role)
        return user

    @cached_property
    def editor(self) -> User:
        """Who does everything of which nothing else is said."""
        return User.objects.filter(username="edith").first() or self.user("edith", "editor")

    def topic(self, name: str, **fields: object) -> Topic:
        """A topic of the vocabulary."""
        return Topic.objects.create(name=name, **fields)

    def draft(
        self,
        title: str = "A title",
        *,
        notes: int = 0,
        by: User | None = None,
        language: str | None = None,
        slug: str = "",
        at: datetime | None = None,
        **words: object,
    ) -> Release:
        """A draft; `notes` is how many it cites in as many paragraphs."""
        words.setdefault("body", body_with(notes))
        return workflow.save_draft(
            None, Words(title=title, **words), by=by or self.editor, language=language, slug=slug, at=at
        )

    def release(
        self, title: str = "A title", *, publish_at: datetime | None = None, **words: object
    ) -> Release:
        """A published release; `publish_at` in the future makes it an embargoed one."""
        publish_at = publish_at or timezone.now() - timedelta(minutes=5)
        return workflow.publish(self.draft(title, publish_at=publish_at, **words), by=self.editor)

    def picture(self, name: str = "photo.jpg", *, by: User | None = None, **options: object) -> Picture:
        """A picture of the library; its files lie where MEDIA_ROOT says."""
        from tests.pictures.conftest import photo

        return workflow.add_picture(photo(**options), name=name, by=by or self.editor)


def body_with(notes: int) -> str:
    """A body of as many paragraphs, each citing a note of its own; one plain paragraph for none."""
    if not notes:
        return "<p>Words without a note.</p>"
    keys = [next(NOTE_KEYS) for _ in range(notes)]
    claims = "".join(
        f'<p>Claim {n}<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">{n}</a></sup> of many.</p>'
        for n, key in enumerate(keys, 1)
    )
    sources = "".join(
        f'<li id="fn-{key}"><p>Source {n}, <a href="https://example.org/{n}">report</a>.</p></li>'
        for n, key in enumerate(keys, 1)
    )
    return f'{claims}<ol class="footnotes">{sources}</ol>'
