"""An editor in a process of their own, as a command is: `python -m bench._editor SECONDS SAVES PUBLICATIONS WITHDRAWALS`.

Says each thing that readers must notice in a line of JSON, with the moment at which it was committed.
"""

import json
import os
import sys
import time
from dataclasses import replace

import django


def main(seconds: int, saves: int, publications: int, withdrawals: int) -> None:
    """The work is spread evenly over the time. What is withdrawn is the earliest of what was published."""
    django.setup()
    from releases import workflow
    from releases.models import Topic
    from releases.sample.load import staff
    from releases.workflow import Words

    by, topics = staff().editor, list(Topic.objects.order_by("pk")[:2])
    began, every = time.monotonic(), saves // publications
    draft, out = None, []
    for number in range(1, saves + 1):
        time.sleep(max(0.0, began + (number - 1) * seconds / saves - time.monotonic()))
        name = f"Storm {os.getpid()} {(number - 1) // every}"
        words = Words(title=name, body=f"<p>Saved {number} times, says {name}.</p>", topics=topics)
        if draft:
            words = replace(words, summary=f"Saved {number} times.")
        draft = workflow.save_draft(draft, words, by=by, language="en")
        if number % every:
            continue
        release = workflow.publish(draft, by=by)
        draft = None
        out.append((name, release))
        said("publish", name, release.get_absolute_url())
        if len(out) > publications - withdrawals:
            name, release = out.pop(0)
            workflow.withdraw(release, by=by, notice="It was wrong.", hide_title=True)
            said("withdraw", name, release.get_absolute_url())


def said(verb: str, title: str, path: str) -> None:
    """To whoever started this process."""
    print(json.dumps({"at": time.monotonic(), "verb": verb, "title": title, "path": path}), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
