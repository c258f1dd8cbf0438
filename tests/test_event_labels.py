"""Labels of events as a reader would say them."""

from __future__ import annotations

from analysis.event_labels import label


def test_a_type_of_a_users_own_codebook_is_told_by_its_name() -> None:
    assert label("AIR_DROP", "Ghana", "Togo", "Lomé") == "Ghana – air drop – Togo in Lomé"
    assert label("AIR_DROP", None, None, "Lomé") == "Air drop in Lomé"


def test_a_type_that_is_known_is_told_by_its_verb() -> None:
    assert label("ASSAULT", "Ghana", "Togo", None) == "Ghana attacks Togo"
