"""Which parties a text names, and which names of sides are countries in which other places lie."""

from __future__ import annotations

import pytest
from told import article, figure

from analysis.labels import names_actor
from analysis.stories import Places, Stories


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("South Korean troops left.", "South Korea"),
        ("US soldiers left.", "United States"),
        ("The Zelmaran army left.", "Zelmara"),
        ("Rebel fighters left.", "rebels"),
        ("The Free Harbour Movement's men left.", "Free Harbour Movement"),
    ],
)
def test_a_party_is_named_by_its_whole_name_or_adjective(text: str, actor: str) -> None:
    assert names_actor(text, actor)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Troops of South Sudan left.", "South Korea"),
        ("Troops of South Sudan left.", "Sudan"),
        ("Nigerian troops left.", "Niger"),
        ("They told us to leave.", "United States"),
        ("The Free Harbour Movement's men left.", "Free Coast Movement"),
    ],
)
def test_a_name_that_only_begins_alike_is_another(text: str, actor: str) -> None:
    assert not names_actor(text, actor)


@pytest.mark.parametrize(
    ("text", "side", "nests"),
    [
        ("Zelmara's army lost 40 men near Drellick.", "Zelmara", True),
        ("Zelmaran troops lost 40 men near Drellick.", "Zelmara", True),
        ("Zelmara, a small landlocked nation, lost 40 men near Drellick.", "Zelmara", True),
        ("Zelmara's interior minister said 40 men died near Drellick.", "Zelmara", True),
        ("Zelmara's fans lost 40 men near Drellick.", "Zelmara", False),
        ("Gaza's border guards lost 40 men near Drellick.", "Gaza", False),
        ("Wagner troops lost 40 men near Drellick.", "Wagner", False),
    ],
)
def test_places_lie_in_a_side_that_a_text_introduces_as_a_country(text: str, side: str, nests: bool) -> None:
    paper = article("North", "2025-03-03", text)
    claim = figure(paper, "40", side=side, place="Drellick", place_basis="stated")
    assert Places(Stories([paper]), [claim]).nest(side, "Drellick") is nests
    assert not Places(Stories([paper]), [claim]).nest("Gaza", "Lagos")
