"""The report in a real browser: it draws, reads, filters and prints, and an attacking collection runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
import reported
from chromium import launched
from playwright.sync_api import Browser, Dialog, Page, expect

from analysis import report

pytestmark = pytest.mark.browser


class Seen:
    """What a page did that it must not: dialogs, requests beyond its own file, errors."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda line: self.errors.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def clean(self) -> None:
        assert self.dialogs == []
        assert self.errors == []
        assert [r for r in self.requests if not r.startswith("file:")] == []
        assert len(self.requests) == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched("the report was not opened") as running:
        yield running


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report.write(reported.save(reported.mine_collapse(), tmp_path_factory.mktemp("mine")))


@pytest.fixture(scope="module")
def seeded(seed_tables: reported.Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report.write(reported.save(seed_tables, tmp_path_factory.mktemp("seeds")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report.write(reported.save(reported.attack(), tmp_path_factory.mktemp("attack")))


def opened(browser: Browser, path: Path, width: int = 1280) -> Seen:
    seen = Seen(browser.new_page(viewport={"width": width, "height": 900}))
    seen.page.goto(path.as_uri())
    return seen


def test_charts_draw_offline_under_the_policy(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    assert seen.page.locator("figure.alive .live svg").count() >= 1
    assert not seen.page.locator("figure.alive .still.wide").first.is_visible()
    seen.clean()


def test_reading_by_keyboard_shows_chain_and_highlight(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    button = seen.page.get_by_role("button", name="Read Herald: 12").first
    button.focus()
    seen.page.keyboard.press("Enter")
    reader = seen.page.locator("#reader")
    assert reader.is_visible()
    assert reader.locator("#reader-chain").inner_text().split("\n") == ["Herald", "←", "governor of Ostrava"]
    assert reader.locator("mark.figure").inner_text() == "Twelve"
    seen.page.keyboard.press("Escape")
    assert not reader.is_visible()
    assert button.evaluate("node => node === document.activeElement")
    seen.clean()


def test_highlight_counts_characters_beyond_the_basic_plane(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("#every tr", has_text="residents").or_(
        seen.page.locator("#every tr", has_text="300")
    ).first.click()
    assert seen.page.locator("#reader mark.figure").inner_text() == "300"
    seen.clean()


def test_a_mark_opens_the_article(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    seen.page.locator("figure.alive .live [aria-label^='Courier, 7 March']").last.click(force=True)
    assert seen.page.locator("#reader mark.figure").inner_text() == "20"
    seen.clean()


def test_what_is_read_has_an_address_and_back_closes_it(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    reader = seen.page.locator("#reader")
    seen.page.locator("#every tr[data-claim]", has_text="Gazette").first.click()
    expect(reader).to_be_visible()
    address = seen.page.url
    assert "#clm_" in address
    seen.page.go_back()
    expect(reader).not_to_be_visible()
    seen.page.go_forward()
    expect(reader.locator("mark.figure")).to_have_text("10")
    seen.page.keyboard.press("Escape")
    expect(reader).not_to_be_visible()
    seen.page.wait_for_url(mine.as_uri())
    seen.clean()
    other = Seen(browser.new_page())
    other.page.goto(address)
    expect(other.page.locator("#reader mark.figure")).to_have_text("10")
    other.page.get_by_role("button", name="Close").click()
    expect(other.page.locator("#reader")).not_to_be_visible()
    other.clean()


def test_the_others_of_one_origin_are_a_click_away(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("#every tr[data-claim]", has_text="Herald").filter(has_text="governor").first.click()
    also = seen.page.locator("#reader-also")
    expect(also).to_contain_text("Wire North: 12")
    also.get_by_role("button", name="Echo").click()
    expect(seen.page.locator("#reader-chain")).to_contain_text("Echo")
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("#reader")).not_to_be_visible()
    seen.clean()


def test_an_event_opens_at_its_words(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("#events").get_by_role("button", name="Read Herald").click()
    expect(seen.page.locator("#reader mark")).to_have_text(["what happened", "left"])
    seen.page.keyboard.press("Escape")
    seen.page.locator("figure[data-chart=events]").scroll_into_view_if_needed()
    seen.page.locator("figure[data-chart=events].alive .live path[aria-label*='Herald']").first.click(force=True)
    expect(seen.page.locator("#reader mark.figure")).to_have_text("left")
    seen.clean()


def test_tables_download_from_a_file(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    with seen.page.expect_download() as download:
        seen.page.locator("#files a[href='claims.csv']").click()
    assert Path(download.value.path()).read_bytes() == (mine.parent / "claims.csv").read_bytes()


def test_filters_combine_and_say_what_fits(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    told = seen.page.locator(".filters .shown")
    seen.page.get_by_label("Outlet").first.select_option("Herald")
    expect(told).to_have_text(
        "1 of 1 groups with a chart and 2 of 7 figures fit. A chart keeps its whole group, for comparison."
    )
    seen.page.get_by_label("Who said it").first.select_option("a union")
    expect(told).to_contain_text("0 of 1 groups with a chart and 0 of 7 figures fit. Choose fewer filters")
    assert seen.page.locator(".panel:visible, .against:visible").count() == 0
    expect(seen.page.locator("#every .empty")).to_have_text("No row fits the filter.")
    seen.page.get_by_role("button", name="Show all").click()
    expect(told).to_be_empty()
    assert seen.page.locator(".against:visible").count() == 1
    seen.clean()


def test_filters_narrow_panels_and_rows(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    rows = seen.page.locator("#every tbody tr[data-claim]:visible")
    assert rows.count() == 7
    seen.page.get_by_label("Outlet").first.select_option("Herald")
    assert rows.count() == 2
    seen.page.get_by_label("Measure").first.select_option("displaced")
    assert rows.count() == 1
    assert seen.page.locator(".panel:visible").count() == 0
    seen.page.get_by_role("button", name="Show all").click()
    rows.nth(6).wait_for()
    assert seen.page.locator(".panel:visible").count() == 1
    seen.clean()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_menu_lands_on_its_section_however_long_the_page_grows(browser: Browser, width: int, seeded: Path) -> None:
    seen = opened(browser, seeded, width)
    above = "id => Math.abs(document.getElementById(id).getBoundingClientRect().top - 64)"
    for anchor in ("checks", "contradictions", "events", "trails"):
        seen.page.locator(f"nav a[href='#{anchor}']").click()
        seen.page.wait_for_timeout(1200)
        assert seen.page.evaluate(above, anchor) < 3, anchor
    seen.clean()


def test_a_link_to_the_words_can_be_copied(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("#every button.read").first.click()
    seen.page.get_by_role("link", name="Copy a link to these words").click()
    expect(seen.page.locator("#reader-copied")).to_have_text(re.compile("Copied|address line"))
    assert "#clm_" in seen.page.url
    seen.clean()


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, of any weight."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(f"() => {{ {axe} }}")
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [f"{v['id']}: {v['help']}: {', '.join(n['html'][:120] for n in v['nodes'][:3])}" for v in found]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_before_charts_come_alive(browser: Browser, width: int, seeded: Path) -> None:
    seen = opened(browser, seeded, width)
    seen.page.locator("figure[data-chart]").first.scroll_into_view_if_needed()
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    assert seen.page.locator("figure[data-chart]:not(.alive)").count() > 2
    assert violations(seen.page) == []
    seen.clean()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("which", ["mine", "hostile"])
def test_axe_finds_nothing(browser: Browser, width: int, which: str, request: pytest.FixtureRequest) -> None:
    seen = opened(browser, request.getfixturevalue(which), width)
    seen.page.locator("figure[data-chart]").first.scroll_into_view_if_needed()
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    for details in seen.page.locator("details").all():
        details.evaluate("node => { node.open = true; }")
    assert violations(seen.page) == []
    seen.page.locator("#every button.read").first.click()
    assert seen.page.locator("#reader").is_visible()
    assert violations(seen.page) == []
    seen.clean()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out(browser: Browser, mine: Path, width: int) -> None:
    seen = opened(browser, mine, width)
    seen.page.wait_for_timeout(500)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    seen.clean()


def test_days_narrow_rows(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    rows = seen.page.locator("#every tbody tr[data-claim]:visible")
    everything = rows.count()
    days = sorted(set(seen.page.locator("#every tr[data-claim]").evaluate_all("rows => rows.map(r => r.dataset.day)")))
    seen.page.get_by_label("Published from").fill(days[-1])
    assert 0 < rows.count() < everything
    assert set(rows.evaluate_all("rows => rows.map(r => r.dataset.day)")) == {days[-1]}
    seen.clean()


def test_reads_and_prints_without_scripts(browser: Browser, mine: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(mine.as_uri())
    assert page.locator("figure .still.wide svg").first.is_visible()
    assert page.locator("#every tr").nth(7).is_visible()
    assert not page.locator("button.read").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
    context.close()


def test_print_shows_still_charts_and_every_row(browser: Browser, mine: Path) -> None:
    seen = opened(browser, mine)
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    seen.page.emulate_media(media="print")
    figure = seen.page.locator("figure.alive").first
    assert figure.locator(".still.wide").is_visible()
    assert not figure.locator(".live").is_visible()
    assert not seen.page.locator("nav").is_visible()
    assert seen.page.locator("#every tr[data-claim]").last.is_visible()
    seen.clean()


def test_attack_runs_nothing(browser: Browser, hostile: Path) -> None:
    seen = opened(browser, hostile)
    seen.page.locator("figure.alive").first.wait_for(timeout=15_000)
    for number in range(len(reported.PAYLOADS)):
        seen.page.locator("#every tr[data-claim] button.read").nth(number).click()
        assert seen.page.locator("#reader").is_visible()
        assert seen.page.locator("#reader-text mark").count() == 1
        seen.page.keyboard.press("Escape")
    mark = seen.page.locator("figure.alive .live path[aria-label]").first
    mark.hover(force=True)
    seen.page.wait_for_timeout(400)
    assert seen.page.title().startswith("Reported figures: ")
    assert seen.page.locator("a[href^='javascript' i]").count() == 0
    seen.clean()
