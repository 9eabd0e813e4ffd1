"""The tables that Python and the editor's scripts both read."""

import json
import re
from pathlib import Path

from lxml.html import fromstring

from releases.text.tables import all_tables
from releases.widgets import BodyEditor, PictureInput, TopicPicker

SCRIPTS = Path(__file__).parents[2] / "static" / "js" / "editor"


def test_a_page_with_the_editor_holds_every_table_before_the_script_that_reads_them():
    media = fromstring(f"<div>{BodyEditor().media}</div>")
    scripts = media.xpath(".//script")
    assert [script.get("id") or script.get("type") for script in scripts] == ["editor-tables", "module"]
    assert json.loads(scripts[0].text) == all_tables()


def test_nothing_in_the_tables_can_end_their_block():
    block = str(BodyEditor().media).split('id="editor-tables"')[1].split("</script>")[0]
    assert "<" not in block


def test_two_editors_on_a_page_share_one_block():
    assert str(BodyEditor().media + BodyEditor().media).count("editor-tables") == 1


def test_fields_that_have_no_editor_bring_no_tables():
    assert "editor-tables" not in str(PictureInput().media) + str(TopicPicker().media)


def test_the_scripts_take_out_every_table_that_there_is():
    taken = re.search(r"const \{([^}]*)\}", (SCRIPTS / "tables.js").read_text("utf-8"))
    assert taken
    assert sorted(taken[1].replace(",", " ").split()) == sorted(all_tables())
