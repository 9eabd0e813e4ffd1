"""`python -m bench [NAME …]`: run the measurements of that name, or all of them, on the database of the environment."""

import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """Each measurement is a module with `main()`; what it prints is the result."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    os.environ.setdefault("SECRET_KEY", "for-measuring-only-0123456789-abcdefghijklmnopqrstuvwxyz")
    import django

    django.setup()
    here = Path(__file__).parent
    known = sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    wanted = sys.argv[1:] or known
    if unknown := [name for name in wanted if name not in known]:
        print(f"There is no measurement {unknown[0]}; there are: {', '.join(known)}.")
        return 2
    for name in wanted:
        print(f"== {name}")
        import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
