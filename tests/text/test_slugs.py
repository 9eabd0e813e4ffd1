"""Slugs keep the letters that people would type for a word."""

import pytest

from releases.text.slugs import slug_of


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Ørsted in Łódź", "orsted-in-lodz"),
        ("Æther & œuvre", "aether-oeuvre"),
        ("Þingvellir, Garðabær", "thingvellir-gardabaer"),
        ("ILIK Diyarbakır, İstanbul", "ilik-diyarbakir-istanbul"),
        ("Đà Nẵng", "da-nang"),
        ("Straße", "strasse"),
        ("Gəncə", "gence"),
        ("Oʻzbekiston", "ozbekiston"),
        ("Ħal Qormi", "hal-qormi"),
    ],
)
def test_letters_with_strokes_and_ligatures_stay_in_an_address(words, slug):
    assert slug_of(words) == slug
