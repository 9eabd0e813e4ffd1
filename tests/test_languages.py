"""What is known of languages without a catalogue: how they run."""

import pytest

from releases.languages import direction


@pytest.mark.parametrize(
    "language", ["ar", "ar-dz", "ckb", "fa", "he", "ug", "ug-arab", "ur", "yi", "ps", "sd", "dv"]
)
def test_what_is_written_from_the_right_runs_so(language):
    assert direction(language) == "rtl"


@pytest.mark.parametrize("language", ["en", "zh-hans", "bo", "az", "tlh", ""])
def test_everything_else_runs_from_the_left(language):
    assert direction(language) == "ltr"
