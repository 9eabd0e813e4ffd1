"""The site as `make serve` serves it."""

from tests.newsroom.test_settings import run


def test_static_files_are_gathered_under_hashed_names_with_their_modules_rewritten(tmp_path):
    done = run(tmp_path, "collectstatic", "--noinput", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    door = next((tmp_path / "static/js/editor").glob("tiptap.*.js"))
    assert 'from "../../django_prose_editor/editor.' in door.read_text()
    assert "/editor.js" not in door.read_text()
    main = next((tmp_path / "static/js/editor").glob("main.*.js"))
    assert '"./tiptap.js"' not in main.read_text()
