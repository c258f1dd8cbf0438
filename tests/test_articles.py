"""Reading the raw folder: every format, every reason for rejecting, and that nothing depends on the order of files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import articles
from analysis.provenance import article_id, sha256_bytes

TEXT = "Rebels said on Monday that they had taken the town of Brenk, and that 120 soldiers had fled."
GERMAN = (
    "Die Regierung teilte am Montag mit, dass bei den schweren Unwettern im Norden des Landes mindestens dreizehn "
    "Menschen ums Leben gekommen und mehrere tausend Haushalte ohne Strom geblieben seien, wie ein Sprecher sagte."
)


def _write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def _rejections(folder: Path) -> dict[tuple[str, str], str]:
    rejected = articles.read(folder)[1]
    return {(r.raw_path, r.record): r.reason for r in rejected.itertuples()}


def _only(folder: Path) -> dict[str, Any]:
    found, rejected = articles.read(folder)
    assert len(found) == 1 and not len(rejected), rejected.to_dict("records")
    row = {str(k): None if pd.isna(v) else v for k, v in found.iloc[0].to_dict().items()}
    return row


def test_the_seed_articles_are_read_unchanged(seeds: list[dict[str, Any]]) -> None:
    found, rejected = articles.read(Path(__file__).parents[1] / "data" / "raw")
    assert len(found) == len(seeds) == 5 and len(rejected) == 0
    for seed in seeds:
        row = found[found["article_id"] == seed["article_id"]].iloc[0]
        assert (row["text"], row["outlet"], row["published"]) == (seed["text"], seed["outlet"], seed["published"])


@pytest.mark.parametrize(
    "text", ["a\r\nb\r\n\r\n", "  leading and trailing  \n\n", "tab\tnul\x00 \u2028 ʼ é e\u0301 𝟜"]
)
def test_plain_text_is_the_decoded_file(tmp_path: Path, text: str) -> None:
    row = _only(_write(tmp_path, {"a.txt": text}))
    assert row["text"] == text
    assert row["raw_sha256"] == sha256_bytes(text.encode("utf-8")) and row["raw_path"] == "a.txt"
    assert (row["outlet"], row["outlet_basis"]) == ("unknown", "unknown")
    assert (row["published"], row["published_basis"]) == (None, "unknown")


@pytest.mark.parametrize("payload", [b"\xef\xbb\xbf" + TEXT.encode(), b"\xff\xfe" + TEXT.encode("utf-16-le")])
def test_a_byte_order_mark_is_no_text(tmp_path: Path, payload: bytes) -> None:
    assert _only(_write(tmp_path, {"a.txt": payload}))["text"] == TEXT


def test_metadata_beside_plain_text(tmp_path: Path) -> None:
    header = "file,outlet,url,published,published_basis,credit\n"
    metadata = header + 'sub/a.txt,"The Post, Ltd",https://p.example/1,2024-11-09,inferred,AFP\n'
    row = _only(_write(tmp_path, {"metadata.csv": "\ufeff" + metadata, "sub/a.txt": TEXT}))
    assert (row["outlet"], row["credit"], row["url"]) == ("The Post, Ltd", "AFP", "https://p.example/1")
    assert (row["published"], row["published_basis"], row["outlet_basis"]) == ("2024-11-09", "inferred", "metadata")
    assert row["article_id"] == article_id("The Post, Ltd", "https://p.example/1", TEXT)
    assert row["raw_path"] == "sub/a.txt"


def test_a_subfolder_has_metadata_of_its_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}/a.txt": TEXT for n in "xy"}
    files |= {f"{n}/metadata.csv": f"file,outlet\na.txt,Outlet {n}\n" for n in "xy"}
    found, rejected = articles.read(_write(tmp_path, files))
    assert sorted(found["outlet"]) == ["Outlet x", "Outlet y"] and not len(rejected)


@pytest.mark.parametrize("record, expected", [
    ({"text": TEXT, "outlet": "The Post"}, {"outlet": "The Post", "outlet_basis": "metadata"}),
    ({"maintext": TEXT, "domain": "www.post.example"}, {"outlet": "post.example", "outlet_basis": "metadata"}),
    ({"text": TEXT, "url": "https://www.post.example/a"}, {"outlet": "post.example", "outlet_basis": "url"}),
    ({"text": TEXT, "date": "2024-11-09T23:30:00-05:00"}, {"published": "2024-11-09", "published_basis": "metadata"}),
    ({"text": TEXT, "published": "9 November 2024"}, {"published": "2024-11-09"}),
    ({"text": TEXT, "published": "Sat, 09 Nov 2024 10:00:00 GMT"}, {"published": "2024-11-09"}),
    ({"text": TEXT, "published": "2024-11-09", "published_basis": "feed"}, {"published_basis": "metadata"}),
    ({"text": TEXT, "published": "2024-11-09", "published_basis": "html"}, {"published_basis": "html"}),
    ({"text": TEXT, "url": "https://p.example/2024/11/09/a"}, {"published": "2024-11-09", "published_basis": "url"}),
    ({"text": TEXT, "url": "https://p.example/2024/nov/9/a"}, {"published": "2024-11-09", "published_basis": "url"}),
    ({"text": TEXT, "url": "https://p.example/2024/99/09/a"}, {"published": None, "published_basis": "unknown"}),
    ({"text": TEXT, "url": "https://p.example/a?d=2024-11-09"}, {"published": None, "published_basis": "unknown"}),
    ({"text": "BRENK, March 4, 2024 - " + TEXT}, {"published": "2024-03-04", "published_basis": "text"}),
    ({"text": TEXT, "authors": ["Ann Author", "Bo Byline"]}, {"byline": "Ann Author, Bo Byline"}),
    ({"text": TEXT, "language": "en-GB", "title": " Headline "}, {"language": "en", "title": "Headline"}),
    ({"Text": TEXT, "Outlet": "The Post", "Date": "2024-11-09"}, {"outlet": "The Post", "published": "2024-11-09"}),
    ({"content": TEXT, "source": {"id": 7, "name": "The Post"}, "publishedAt": "2024-11-09T10:00:00Z"},
     {"outlet": "The Post", "published": "2024-11-09"}),
    ({"text": "  ", "maintext": TEXT}, {"text": TEXT}),
    ({"text": TEXT, "authors": [{"name": "Ann Author"}, None, "Bo"]}, {"byline": "Ann Author, Bo"}),
    ({"text": TEXT, "published": "20241109"}, {"published": "2024-11-09"}),
    ({"text": TEXT, "published": "2024/11/9"}, {"published": "2024-11-09"}),
    ({"text": TEXT, "published": "N/A", "outlet": "unknown", "url": "https://post.example/a"},
     {"published": None, "outlet": "post.example", "outlet_basis": "url"}),
    ({"text": TEXT, "outlet": "", "url": None}, {"outlet": "unknown", "url": None, "outlet_basis": "unknown"}),
])  # fmt: skip
def test_fields_of_json_records(tmp_path: Path, record: dict[str, Any], expected: dict[str, Any]) -> None:
    row = _only(_write(tmp_path, {"a.json": json.dumps(record)}))
    assert {k: row[k] for k in expected} == expected


def test_json_lists_json_lines_and_csv(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{TEXT} {n} \u2028 x"}, ensure_ascii=False) for n in range(2)]
    files: dict[str, str | bytes] = {
        "list.json": json.dumps([{"text": f"{TEXT} L{n}"} for n in range(2)]),
        "lines.jsonl": "\n\n".join(lines) + "\r\n",
        "table.csv": f'text,outlet\n"{TEXT}\nSecond, ""line"".",The Post\n',
    }
    found, rejected = articles.read(_write(tmp_path, files))
    assert len(found) == 5 and not len(rejected), rejected.to_dict("records")
    assert f'{TEXT}\nSecond, "line".' in set(found["text"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("names", ["file", "File", "filename"])
def test_metadata_as_spreadsheets_write_it(tmp_path: Path, delimiter: str, names: str) -> None:
    lines = [[names, "Outlet", "published"], ["a.txt", "The Post", "2024-11-09"]]
    metadata = "\ufeff" + "".join(delimiter.join(line) + "\r\n" for line in lines)
    row = _only(_write(tmp_path, {"Metadata.csv": metadata, "a.txt": TEXT}))
    assert (row["outlet"], row["published"], row["text"]) == ("The Post", "2024-11-09", TEXT)


def test_an_article_may_quote_a_tag(tmp_path: Path) -> None:
    text = f"{TEXT} The page began with <p> and ended with </p></body>."
    assert _only(_write(tmp_path, {"a.txt": text}))["text"] == text


@pytest.mark.parametrize("name, content, told", [
    ("a.json", '{"body_text": "x", "newspaper": "The Post"}', "it has body_text, newspaper. Name the column"),
    ("a.json", json.dumps({"articles": [{"text": TEXT}]}), "it has articles"),
    ("a.json", '{"text": "x"}\n{"text": "y"}', "a .jsonl file with one object a line"),
    ("a.json", json.dumps({"text": TEXT, "date": {"$date": 5}}), "The field date holds no text"),
    ("a.json", json.dumps({"text": TEXT, "date": "3024-05-06"}), "lies outside the years 1800 to 2100"),
    ("a.csv", f"{TEXT}\n", "only a header at most"),
    ("a.txt", TEXT.encode("utf-16-le"), "UTF-16 that does not say so"),
    ("a.txt", f"<html><body><p>{TEXT}</p></body></html>", "full of HTML tags"),
    ("metadata.csv", "document,outlet\na.txt,The Post\n", "it has document, outlet. Rename the one that does"),
])  # fmt: skip
def test_a_rejection_says_what_to_do(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    (rejected,) = articles.read(_write(tmp_path, {name: content}))[1].to_dict("records")
    assert told in rejected["detail"]


@pytest.mark.parametrize("name, content, record, reason", [
    ("a.txt", b"caf\xe9 is no UTF-8", "1", "bad_encoding"),
    ("a.txt", " \n\t\n", "1", "empty_text"),
    ("a.txt", "", "1", "empty_text"),
    ("a.txt", "war " * 300_000, "1", "too_long"),
    ("a.txt", GERMAN, "1", "other_language"),
    ("a.html", "<p>x</p>", "1", "unsupported_format"),
    ("a", TEXT, "1", "unsupported_format"),
    ("a.txt", f"<p>{TEXT}</p><p>More.</p><br>", "1", "unsupported_format"),
    ("a.txt", TEXT.encode("utf-16-be"), "1", "bad_encoding"),
    ("a.csv", "", "1", "empty_text"),
    ("a.csv", "text,outlet\n", "1", "empty_text"),
    ("a.json", "[]", "1", "empty_text"),
    ("a.jsonl", "\n", "1", "empty_text"),
    ("a.json", "{'text': 1}", "1", "bad_json"),
    ("a.json", "[" * 100_000, "1", "bad_json"),
    ("a.json", '{"text": "\\ud800 alone"}', "1", "bad_encoding"),
    ("a.json", '{"title": "no text"}', "1", "bad_record"),
    ("a.json", '{"text": ["a"]}', "1", "bad_record"),
    ("a.json", '"text"', "1", "bad_record"),
    ("a.json", '[{"text": ""}]', "1", "empty_text"),
    ("a.json", '[5]', "1", "bad_record"),
    ("a.json", json.dumps({"text": TEXT, "language": "de"}), "1", "other_language"),
    ("a.json", json.dumps({"text": TEXT, "published": "09/11/2024"}), "1", "bad_record"),
    ("a.json", json.dumps({"text": TEXT, "published": "November 2024"}), "1", "bad_record"),
    ("a.json", json.dumps({"text": TEXT, "published": "2024-02-30"}), "1", "bad_record"),
    ("a.jsonl", json.dumps({"text": TEXT}) + "\nnot json\n", "2", "bad_json"),
    ("a.csv", "text,outlet\nonly one cell\n", "2", "bad_record"),
    ("metadata.csv", "file,outlet\ngone.txt,X\n", "gone.txt", "missing_file"),
    ("metadata.csv", "file,outlet\n../../etc/passwd,X\n", "../../etc/passwd", "unsafe_path"),
    ("metadata.csv", "file,outlet\n/etc/passwd,X\n", "/etc/passwd", "unsafe_path"),
    ("metadata.csv", "file,outlet\nC:\\x.txt,X\n", "C:\\x.txt", "unsafe_path"),
    ("metadata.csv", "file,outlet\n,X\n", "2", "bad_record"),
    ("metadata.csv", b"\xff\xfa", "1", "bad_encoding"),
])  # fmt: skip
def test_what_cannot_be_used_is_rejected(
    tmp_path: Path, name: str, content: str | bytes, record: str, reason: str
) -> None:
    folder = _write(tmp_path, {name: content, "good.json": json.dumps({"text": TEXT, "outlet": "Good"})})
    named = record if reason in ("missing_file", "unsafe_path") else name
    assert _rejections(folder) == {(named, "1" if named == record else record): reason}
    found, rejected = articles.read(folder)
    assert "Good" in set(found["outlet"]), "a bad input must not cost the good ones"
    detail = rejected.iloc[0]["detail"]
    assert detail.endswith(".") and "\n" not in detail


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = _write(tmp_path / "outside", {"secret.txt": TEXT})
    raw = _write(tmp_path / "raw", {"in.txt": TEXT, "metadata.csv": "file,outlet\nlink.txt,X\n"})
    (raw / "link.txt").symlink_to(outside / "secret.txt")
    (raw / "folder").symlink_to(outside)
    assert _rejections(raw) == {("link.txt", "1"): "unsafe_path", ("folder", "1"): "unsafe_path"}


def test_a_fifo_and_an_unreadable_file_do_not_stop_it(tmp_path: Path) -> None:
    raw = _write(tmp_path, {"good.txt": TEXT, "shut.txt": TEXT + " Shut."})
    os.mkfifo(raw / "pipe.txt")
    (raw / "shut.txt").chmod(0)
    expected = {("pipe.txt", "1"): "unreadable"}
    if os.geteuid() != 0:  # root reads everything
        expected["shut.txt", "1"] = "unreadable"
    assert _rejections(raw) == expected


def test_duplicates_are_named_and_the_first_stays(tmp_path: Path) -> None:
    record = json.dumps({"text": TEXT, "outlet": "The Post", "url": "https://p.example/1"})
    other = json.dumps({"text": TEXT, "outlet": "Another", "url": "https://p.example/1"})
    found, rejected = articles.read(_write(tmp_path, {"b.json": record, "a.json": record, "c.json": other}))
    assert sorted(found["raw_path"]) == ["a.json", "c.json"]
    assert rejected[["raw_path", "reason"]].values.tolist() == [["b.json", "duplicate"]]
    assert "a.json" in rejected.iloc[0]["detail"]


def test_a_file_named_twice_in_the_metadata_is_rejected(tmp_path: Path) -> None:
    raw = _write(tmp_path, {"a.txt": TEXT, "metadata.csv": "file,outlet\na.txt,X\na.txt,Y\n"})
    assert _rejections(raw) == {("a.txt", "1"): "bad_record"}


def test_the_order_of_files_does_not_show(tmp_path: Path) -> None:
    names = ["b", "a", "c"]
    rows = [json.dumps({"text": f"{TEXT} {n}", "outlet": n, "published": "2024-01-01"}) for n in names]
    one = _write(tmp_path / "1", {f"{n}.json": r for n, r in zip(names, rows, strict=True)})
    other = _write(tmp_path / "2", {f"{n}.json": r for n, r in zip(reversed(names), reversed(rows), strict=True)})
    assert articles.read(one)[0].equals(articles.read(other)[0])


def test_hidden_files_and_readmes_are_passed_over(tmp_path: Path) -> None:
    found, rejected = articles.read(_write(tmp_path, {".DS_Store": b"\x00\xff", "README.md": "# x", ".h/a.txt": TEXT}))
    assert len(found) == 0 and len(rejected) == 0


def test_a_missing_folder_raises(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        articles.read(tmp_path / "nowhere")
