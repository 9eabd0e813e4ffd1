"""`-m newsroom.safety.drilled FOLDER [NAME]`: the process of a drill. It restores into the place of its environment, shows the
front page of what is there then, and says as JSON what it found."""

import json
import os
import sys
from pathlib import Path


def main(folder: str, name: str) -> int:
    """The status for the shell; the reason stands on the last line of standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client, override_settings

    from newsroom.safety.backup.errors import BackupError
    from newsroom.safety.backup.restore import restore
    from newsroom.safety.scrub.again import remove_again
    from releases.models import Release

    try:
        done = restore(Path(folder), settings.BACKUP_PASSPHRASE, name=name, again=remove_again)
    except BackupError as error:
        print(error, file=sys.stderr)  # noqa: T201  for the process that started this one
        return 1
    plain = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=plain, SECURE_SSL_REDIRECT=False, ALLOWED_HOSTS=["*"]):
        if (status := Client(raise_request_exception=False).get("/").status_code) != 200:
            print(f"The front page of the restored newsroom answers {status}.", file=sys.stderr)  # noqa: T201
            return 1
    found = {
        "name": done.name,
        "releases": Release.objects.count(),
        "visible": Release.objects.visible().count(),
    }
    print(json.dumps(found))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
