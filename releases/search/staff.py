"""The search of the admin: the same questions, asked of drafts and of everything that readers cannot see."""

from django.db.models import QuerySet

from releases.models import SearchEntry
from releases.search.engine import Among, Question, ids
from releases.search.query import Query


def entries_for(query: Query) -> QuerySet[SearchEntry]:
    """The rows, live and working, that have what is wanted and nothing unwanted; none for a query without words."""
    if not query.clauses:
        return SearchEntry.objects.none()
    unwanted = [Question.of(clause) for clause in query.unwanted]
    if query.wanted:
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        wanted, *rest = ids([Question(query.expression(), contains), *unwanted])
        found = set(wanted).difference(*rest)
        return SearchEntry.objects.filter(pk__in=Among(found))
    return SearchEntry.objects.exclude(pk__in=Among({one for some in ids(unwanted) for one in some}))
