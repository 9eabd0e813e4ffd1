"""`-m tests.safety.load`: a newsroom at work. For each line that it reads it saves, publishes, uploads and deletes; then it says so."""

import os
import random
import sys

SAVES, PUBLICATIONS, UPLOADS, DELETIONS = 50, 10, 3, 2


def main():
    """Until nobody asks any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.intake.site_settings")
    import django

    django.setup()
    from newsroom.accounts.models import User
    from releases import workflow
    from releases.models import Picture
    from tests.pictures.conftest import photo

    editor, chance = User.objects.get(username="edith"), random.Random(7)
    print("ready", flush=True)
    for line in sys.stdin:
        drafts, pictures = [], list(Picture.objects.filter(revisions=None)[:DELETIONS])
        jobs = (
            ["save"] * SAVES + ["publish"] * PUBLICATIONS + ["upload"] * UPLOADS + ["delete"] * len(pictures)
        )
        chance.shuffle(jobs)
        for number, job in enumerate(jobs):
            if number == len(jobs) // 4:
                print("amid", flush=True)
            if job == "upload":
                colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
                workflow.add_picture(
                    photo((400, 300), colour=colour), name=f"{line.strip()}-{number}.jpg", by=editor
                )
            elif job == "delete":
                workflow.delete_picture(pictures.pop(), by=editor)
            elif job == "publish" and drafts:
                workflow.publish(drafts.pop(), by=editor)
            else:
                words = workflow.Words(
                    f"Of the evening {line.strip()} {number}", f"<p>Words {chance.random()}.</p>"
                )
                drafts.append(workflow.save_draft(None, words, by=editor))
        print("done", flush=True)


if __name__ == "__main__":
    main()
