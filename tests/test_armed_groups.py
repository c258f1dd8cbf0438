"""Organisations that an article makes out to be armed groups, and whose losses are whose in a fight with one."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import make_doc


def read(nlp: Language, text: str) -> Doc:
    return nlp(
        make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-06-03", "text": text})
    )


def armed(doc: Doc) -> set[tuple[str, str]]:
    return {(doc.text[a.start : a.end], a.name) for a in doc._.actors if a.kind == "armed_group"}


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Fighters of the Kessa Liberation Movement attacked a base in Niger. The KLM gave no figures.",
            "KLM",
            "Kessa Liberation Movement",
        ),
        (
            "The rebel group Arda Front seized a bridge in Chad. The Front said it would hold it.",
            "Front",
            "Arda Front",
        ),
        (
            "The Popular Front of Western Chad fought rebels and soldiers. The Front fled.",
            "Front",
            "Popular Front of Western Chad",
        ),
        (
            "Gunmen killed a guard in Chad. The Movement for the Sands, which has fought for a state, said nothing. "
            + "On Monday the Movement overran a garrison.",
            "Movement",
            "Movement for the Sands",
        ),
        (
            "Jihadist group Ansar al-Kess claimed responsibility for the raid in Chad.",
            "Ansar al-Kess",
            "Ansar al-Kess",
        ),
        (
            "Police in Peru blamed a drug gang known as Los Grillos for the raid.",
            "Los Grillos",
            "Los Grillos",
        ),
        (
            "Kessa Liberation Movement rebels shot at a convoy in Chad. The rebels fled.",
            "rebels",
            "Kessa Liberation Movement",
        ),
    ],
)
def test_the_article_makes_it_an_armed_group(nlp: Language, text: str, words: str, name: str) -> None:
    assert (words, name) in armed(read(nlp, text))


@pytest.mark.parametrize(
    "text",
    [
        "The Kessa Teachers Union called a strike in Niger. The union gave no figures.",
        "Rebels attacked a base in Niger. The Red Cross treated the wounded.",
    ],
)
def test_other_organisations_are_none(nlp: Language, text: str) -> None:
    assert armed(read(nlp, text)) == set()


def sides(doc: Doc) -> dict[str, str | None]:
    return {doc.text[f.start : f.end]: m.side for f, m in zip(doc._.figures, doc._.meanings, strict=True)}


def test_whose_soldiers_and_whose_rebels(nlp: Language) -> None:
    text = (
        "Fighters of the Kessa Liberation Movement attacked an army base in northern Niger, killing at least 23 soldiers. "
        "The army said that it had killed 40 rebels. The KLM said it had captured 17 soldiers."
    )
    assert sides(read(nlp, text)) == {"23": "Niger", "40": "Kessa Liberation Movement", "17": "Niger"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # whose ground is: hands and control, by noun, pronoun and the words before a noun
        ("Tarn Front fighters took Kell in Niger. Three villages are now in their hands.", {"Three": "Tarn Front"}),
        ("Niger's army fights the Tarn Front rebels. Six towns are under rebel control.", {"Six": "Tarn Front"}),
        ("Niger's army fights the Tarn Front rebels. Six towns are under government control.", {"Six": "Niger"}),
        # words of the state before its men and arms
        ("Tarn Front rebels burnt four army trucks in Niger and killed nine government troops.", {"four": "Niger"}),
        ("Tarn Front rebels in Niger said that two junta airstrikes had missed.", {"two": "Niger"}),
        # the losses of who speaks
        (
            "The rebel Tarn Front fights Niger's army. The movement said that it had lost nine men.",
            {"nine": "Tarn Front"},
        ),
        ("Tarn Front rebels fled in Niger. A rebel commander said 11 of his own had died.", {"11": "Tarn Front"}),
        # both sides, and nobody's
        ("Niger fights Tarn Front rebels. The battle killed 40 rebels and soldiers.", {"40": "Tarn Front+Niger"}),
        ("Niger fights Tarn Front rebels. The battle killed 40 soldiers and civilians.", {"40": None}),
        # fighters without a name
        ("Kenya's army said that it had killed 14 separatists in the hills.", {"14": "separatists"}),
        ("Kenya's army said that it had killed 14 gunmen in the hills.", {"14": None}),
        # members of a body that no list holds
        ("Police in Peru said that Los Grillos, a drug trafficking gang, had 900 fighters.", {"900": "Los Grillos"}),
        ("Ghana asked for two battalions of NATO troops, and 300 UN peacekeepers flew in.", {"300": "United Nations"}),
        ("Togo was preparing to fly in 300 soldiers while Ghana and Benin looked on.", {"300": "Togo"}),
    ],
)
def test_whose_they_are(nlp: Language, text: str, wanted: dict[str, str | None]) -> None:
    found = sides(read(nlp, text))
    assert {figure: found[figure] for figure in wanted} == wanted


def test_capitals_of_a_headline_make_no_group(nlp: Language) -> None:
    doc = read(nlp, "Junta Jets Bomb Two Resistance Strongholds\n\nThe rebels fled from both towns in Myanmar.")
    assert not any(a.kind == "armed_group" for a in doc._.actors)


def test_hired_fighters_are_not_the_rebels_of_an_article(nlp: Language) -> None:
    text = "Rebels said that they had killed 12 Wagner fighters in Mali. The army said that it had killed 30 rebels."
    assert sides(read(nlp, text)) == {"12": "Wagner", "30": "rebels"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The rebels of the Tarn Front took Kell, 30 km (18 miles) to the north.", {"30 km": None, "18 miles": None}),
        ("Tarn Front rebels ambushed a bus in Kell village, 70 km north of Orm in Niger.", {"70 km": None}),
        ("Niger's army has pushed to within 8 km of Orm, a town held by rebels.", {"8 km": "Niger"}),
        ("Niger's troops took the depot, which lies about 200 km from the coast.", {"200 km": None}),
        ("Oslo, Norway - The rebel Tarn Front took Kell in Niger, giving it half of the land.", {"half": "Tarn Front"}),
        (
            "The Kenya-led coalition fought Tarn Front rebels in Niger. The coalition lost nine tanks.",
            {"nine": "Kenya"},
        ),
        ("Men fled from Niger into Chad, whose army has sent 900 soldiers to the border.", {"900": "Chad"}),
        ("Benin asked for help. The regional bloc ECOWAS has threatened to send 2,000 troops.", {"2,000": "ECOWAS"}),
        (
            "The Kenyan-led force lost six cars in Haiti. The army of Haiti said nine soldiers were hurt.",
            {"nine": "Haiti"},
        ),
        ("Niger and the Tarn Front rebels exchanged 84 prisoners on Sunday.", {"84": "Niger+Tarn Front"}),
        ("At least 20 rockets hit Orm, the capital of Niger, as the Tarn Front rebels fled.", {"20": None}),
        ("Mali's army fought in Gao. Chad sent help. The army said it had neutralised 60 terrorists.", {"60": None}),
        ("Tarn Front rebels fled in Mali. Nearly 100 Malian rebels were killed or captured.", {"100": "Tarn Front"}),
        ("Niger's navy concedes that it lost 33 crew at Kell, with 52 more wounded.", {"33": "Niger", "52": "Niger"}),
        ("Tarn Front rebels fought Mali's army. One government militiaman died.", {"One": "Mali"}),
        ("A Pakistani was held. Police in Raipur and Bijapur said that 61 soldiers had died.", {"61": "India"}),
        (
            "Soldiers fought over Harm, the rebels' last city, in Niger. The rebels gave up nine villages.",
            {"nine": "rebels"},
        ),
        ("Niger's army fights. The Marnians have perhaps 12,000 troops in the hills.", {"12,000": None}),
        (
            "The DLA has some 3,000 fighters in Niger. Niger's army says 12 soldiers died.",
            {"3,000": "DLA", "12": "Niger"},
        ),
        (
            "The Niger Liberation Army lost nine men in Niger. The army lost four soldiers.",
            {"nine": "Niger Liberation Army"},
        ),
        ("Some 12,000 police were deployed around France on Monday, and 41 officers were hurt.", {"12,000": "France"}),
        ("Tarn Front rebels fled in Niger. Nine trucks were captured, Niger's army said.", {"Nine": "Tarn Front"}),
        ("A bomber killed two foreign soldiers near an army base in Niger on Sunday.", {"two": None}),
        ("Niger's army said that it had freed 25 women from the Tarn Front rebels.", {"25": None}),
        ("Tarn Front rebels clashed with herders in Niger. The fighting killed 11 tribesmen.", {"11": None}),
        (
            "Rebels killed 20 Kenyan police officers in Garm. Garm police said that five officers were missing.",
            {"five": "Kenya"},
        ),
    ],
)
def test_nobodys_and_somebodys(nlp: Language, text: str, wanted: dict[str, str | None]) -> None:
    found = sides(read(nlp, text))
    assert {figure: found[figure] for figure in wanted} == wanted


def test_a_town_beside_a_militia_official_is_no_group(nlp: Language) -> None:
    doc = read(nlp, "Rebels took the town. “The enemy is in Kell,” a militia official in Niger said.")
    assert not any(name == "Kell" for _, name in armed(doc))
