"""`python -m bench [NAME [PART …] …]`: run the measurements of that name (some have parts), or all of them, on the database of
the environment."""

import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """Each measurement is a module with `main()`; what it prints is the result. One with PARTS takes the names of some."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("SECRET_KEY", "for-measuring-only-0123456789-abcdefghijklmnopqrstuvwxyz")
    import django

    django.setup()
    here = Path(__file__).parent
    found = [*here.glob("*.py"), *(path.parent for path in here.glob("*/__init__.py"))]
    known = sorted(path.stem for path in found if not path.stem.startswith("_"))
    wanted: list[tuple[str, list[str]]] = []
    for word in sys.argv[1:] or known:
        if word in known:
            wanted.append((word, []))
        elif wanted and word in getattr(import_module(f"bench.{wanted[-1][0]}"), "PARTS", ()):
            wanted[-1][1].append(word)
        else:
            print(f"There is no measurement {word}; there are: {', '.join(known)}.")
            return 2
    for name, parts in wanted:
        print(" ".join(["==", name, *parts]))
        import_module(f"bench.{name}").main(*parts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
