"""The texts of `bench._texts`, one a line, for another site to read: `python -m bench.beside.texts COUNT`."""

import json
import os
import sys
from dataclasses import asdict

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from bench._texts import Maker
    from releases.models import Topic

    topics = {one.name: one.slug for one in Topic.objects.all()}
    print(json.dumps(topics))
    for text in Maker().texts(0, int(sys.argv[1])):
        if text.language == "en":
            print(json.dumps({**asdict(text), "day": text.day.isoformat()}))
