"""Explore in JupyterLab, in a real browser: a correction made there survives a rerun, shows in the report, and warns when
the article changed under it; articles that attack the notebook run nothing."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import launched
from playwright.sync_api import Page, expect

from analysis import correction, corrections, lab, notebooks, store
from analysis.parameters import check
from analysis.pipeline import run as pipeline
from analysis.run import run

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
TOKEN = "for-this-test-only"
PAYLOAD = (
    "<img src=x onerror=\"document.title='ran'\"> <script>document.title='ran'</script> "
    r"$\href{javascript:document.title='ran'}{x}$ and $$\text{typeset}$$"
)
ATTACK = f"""=HYPERLINK('https://evil.example') flood in the south

The flood killed 7 people in the south of the country, the police said {PAYLOAD} on Tuesday in the town.

It was the worst flood that the people of the town had seen in the last years, and they were not warned of it.
"""
REASON = "the radio station's own page has 14"


class Project:
    """A checkout of its own with the real notebooks, one article of the sample and one that attacks."""

    def __init__(self, root: Path):
        self.root, self.raw, self.out = root, root / "data" / "raw", root / "data" / "processed"
        self.file = root / "data" / "corrections" / "corrections.jsonl"
        shutil.copytree(ROOT / "notebooks", root / "notebooks")
        shutil.copytree(ROOT / "expectations", root / "expectations")
        (root / "pyproject.toml").write_text("", encoding="utf-8")
        self.raw.mkdir(parents=True)
        self.rival = self.raw / "03_rival.txt"
        shutil.copy(ROOT / "data" / "sample" / "03_rival.txt", self.rival)
        (self.raw / "attack.txt").write_text(ATTACK, encoding="utf-8")
        rows = [
            "file,outlet,url,published,language",
            "03_rival.txt,Harbour Gazette,https://gazette.example/1,2025-03-05,en",
            f'attack.txt,"{PAYLOAD.replace(chr(34), chr(34) * 2)}",https://attack.example/1,2025-03-05,en',
        ]
        (self.raw / "metadata.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    def run(self) -> str:
        said = io.StringIO()
        given = {"raw": str(self.raw), "out": str(self.out), "corrections": str(self.file)}
        outcome = run(check(given), said)
        assert outcome.status == "ok", said.getvalue()
        return said.getvalue()

    def claim(self, words: str) -> dict[str, Any]:
        claims = store.read_table("claims", self.out / "latest")
        return correction.rows_of(claims[claims["figure_text"] == words])[0]

    def set_parameters(self) -> None:
        """What a researcher writes into the first cell."""
        path = self.root / "notebooks" / "explore.ipynb"
        notebook = notebooks.read(path)
        cell = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
        cell.source = 'run_dir = "data/processed/latest"\ncorrections = "data/corrections/corrections.jsonl"\nauthor = "R. Reader"'
        notebooks.write(notebook, path)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("FIGURES_ROOT", str(tmp_path / "checkout"))
    (tmp_path / "checkout").mkdir()
    return Project(tmp_path / "checkout")


@pytest.fixture
def address(project: Project, tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab on this machine only, as ``figures lab`` starts it, with settings of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = tmp_path / "settings" / "@jupyterlab"
    for name, text in (
        ("notebook-extension/tracker", '{"windowingMode": "none"}'),
        ("apputils-extension/notification", '{"fetchNews": "false", "checkForUpdates": false}'),
    ):
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folders = {f"JUPYTER_{k}_DIR": str(tmp_path / k.lower()) for k in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {"JUPYTERLAB_SETTINGS_DIR": str(settings.parent), "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "spaces")}
    folders |= {"IPYTHONDIR": str(tmp_path / "ipython")}
    more = [f"--IdentityProvider.token={TOKEN}", "--expose-app-in-browser", "--ServerApp.port_retries=0"]
    log = (tmp_path / "lab.log").open("wb")
    with subprocess.Popen(
        [*lab.command(port, browser=False), *more], env=os.environ | folders, stdout=log, stderr=subprocess.STDOUT
    ) as server:
        try:
            end = time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=2).close()
                    break
                except OSError:
                    told = (tmp_path / "lab.log").read_text(encoding="utf-8")
                    assert server.poll() is None and time.monotonic() < end, told
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)
            log.close()


@pytest.fixture
def page() -> Iterator[Page]:
    with launched("JupyterLab was not driven", reachable="127.0.0.1") as running:
        yield running.new_context(viewport={"width": 1400, "height": 1000}).new_page()


def test_a_correction_made_in_jupyterlab(project: Project, page: Page, address: str) -> None:
    first = pipeline(project.raw)
    for name, table in first.items():
        store.write_table(name, table, project.out / "latest")
    assert project.claim("41")["low"] == 41
    project.set_parameters()
    dialogs: list[str] = []
    outside: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:")) else outside.append(r.url))

    page.goto(f"{address}/lab/tree/notebooks/explore.ipynb?token={TOKEN}")
    page.wait_for_function("() => window.jupyterapp && document.querySelector('.jp-Notebook .jp-CodeCell')")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=30_000)
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    last = page.locator(".jp-CodeCell", has_text="review.verdicts(corrections)").last
    expect(last.locator(".jp-OutputArea-output")).to_contain_text("author", timeout=45_000)
    expect(page.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    sheet = page.locator(".jp-CodeCell", has_text="sheet = review.sheet").locator(".jp-RenderedHTMLCommon table")
    row = sheet.locator("tr", has_text="41 bodies")
    handle = row.locator("code").inner_text()
    mark = row.locator("mark").inner_text()
    assert mark == "41" and project.claim("41")["claim_id"].startswith(f"clm_{handle}")

    cell = page.locator(".jp-CodeCell", has_text='# sheet.accept("1f3c9a"')
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f'sheet.correct("{handle}", reason="{REASON}", low=14, high=14)')
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-CodeCell", has_text=REASON).locator(".jp-OutputArea table")).to_contain_text("41.0 → 14.0")

    assert page.locator(".jp-OutputArea img[src='x'], .jp-OutputArea script").count() == 0
    assert page.locator(".jp-OutputArea mjx-container, .jp-OutputArea a[href^='javascript' i]").count() == 0
    assert sheet.locator("tr", has_text="onerror").count() >= 1, "the attack is read as text"
    assert "ran" not in page.title() and dialogs == [] and outside == []

    report = page.context.new_page()
    page.close()

    recorded = corrections.read(project.file)
    assert [(c.column, c.old, c.new, c.author, c.reason) for c in recorded] == [
        ("low", 41.0, 14.0, "R. Reader", REASON),
        ("high", 41.0, 14.0, "R. Reader", REASON),
    ]

    said = project.run()
    assert "corrections: 2 applied" in said and "WARNING" not in said
    corrected = project.claim("41")
    assert (corrected["low"], corrected["high"]) == (14, 14) and recorded[0].id in corrected["extractor"]
    report.goto((project.out / "latest" / "report.html").as_uri())
    row = report.locator(f"tr[data-claim='{corrected['claim_id']}']").first
    assert "14" in (row.text_content() or "").split("41 bodies")[0], "the report gives the corrected figure"
    reviewed = " ".join((report.text_content("#checks") or "").split())
    assert "One row reviewed: 0 right as extracted" in reviewed and "low 41.0, by review 14.0 (R. Reader" in reviewed
    assert REASON in reviewed

    text = project.rival.read_text(encoding="utf-8")
    project.rival.write_text(text.replace("41 bodies", "44 bodies"), encoding="utf-8")
    said = project.run()
    warning = "was not applied: the article changed (03_rival.txt): the sentence now reads"
    assert said.count("WARNING") == 2 and warning in said and "“41” is now “44”" in said
    assert project.claim("44")["low"] == 44
    report.goto((project.out / "latest" / "report.html").as_uri())
    reviewed = " ".join((report.text_content("#checks") or "").split())
    assert "2 verdicts not applied" in reviewed.replace("Two", "2") and warning[16:] in reviewed
    assert corrections.summary(project.out / "latest")["stale"] == 2
