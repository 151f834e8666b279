"""The pages as HTML: links lead, names are escaped, structure is accessible, nothing comes from outside."""

import functools
import json
import re
import threading
from collections import Counter
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import duckdb
import polars as pl
import pytest

from tests.unit.warehouse.site.public_city import AWKWARD, make_public_city, people
from warehouse.catalogue.entries import read_public
from warehouse.site.examples import list_examples
from warehouse.site.tree import build_site
from warehouse.site.wording import Words

VOID = {"meta", "link", "br", "img", "hr", "input", "path", "circle", "line", "rect"}


class Page(HTMLParser):
    """What a page holds, as far as these tests ask."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" not in self.open and "style" not in self.open:
            self.text.append(data)

    def all(self, *names):
        return [attrs for tag, attrs, _ in self.tags if tag in names]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    home, register = make_public_city(tmp_path_factory.mktemp("city"))
    build_site(home, register)
    return home, register


@pytest.fixture(scope="module")
def pages(city):
    public = city[0].public
    return {
        p.relative_to(public).as_posix(): Page(p.read_text("utf-8")) for p in public.rglob("*.html")
    }


def test_every_page_stands_in_both_languages(pages):
    japanese = {path for path in pages if not path.startswith("en/")}
    assert {f"en/{path}" for path in japanese} == set(pages) - japanese
    for path, page in pages.items():
        assert page.all("html")[0]["lang"] == ("en" if path.startswith("en/") else "ja")


def test_every_link_leads_to_a_file_and_every_fragment_to_an_id(city, pages):
    ids = {path: {a["id"] for _, a, _ in page.tags if "id" in a} for path, page in pages.items()}
    for path, page in pages.items():
        hrefs = [
            a.get("href") or a.get("src") or a.get("data-rows")
            for a in page.all("a", "link", "script", "div")
        ]
        hrefs += [a["data-places"] for a in page.all("figure") if "data-places" in a]
        for href in filter(None, hrefs):
            parts = urlsplit(href)
            if parts.scheme:
                assert parts.scheme == "https", href
                continue
            target = normpath(join(dirname(path), unquote(parts.path))) if parts.path else path
            assert (city[0].public / target).is_file(), (path, href)
            assert not parts.fragment or parts.fragment in ids[target], (path, href)


def test_pages_load_nothing_from_outside_and_hold_no_inline_code(pages):
    for path, page in pages.items():
        policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv"))
        assert "default-src 'none'" in policy
        assert "connect-src" not in policy
        for tag, attrs, _ in page.tags:
            assert "style" not in attrs, (path, tag)
            assert not [name for name in attrs if name.startswith("on")], (path, tag)
            if tag in {"script", "img"} or (
                tag == "link" and attrs["rel"] in {"stylesheet", "icon"}
            ):
                assert "://" not in (attrs.get("src") or attrs.get("href")), path
        assert not page.all("style", "iframe")


def test_headings_landmarks_tables_and_forms_are_those_of_a_readable_page(pages):
    for path, page in pages.items():
        levels = [int(tag[1]) for tag, _, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
        assert page.all("a")[0]["href"] == "#main"
        assert all("scope" in attrs for attrs in page.all("th")), path
        ids = [a["id"] for _, a, _ in page.tags if "id" in a]
        assert not [i for i, n in Counter(ids).items() if n > 1], path
        labelled = {a.get("for") for a in page.all("label")}
        assert all(a["id"] in labelled for a in page.all("input", "select")), path
        for _, attrs, _ in page.tags:
            for name in ("aria-labelledby", "aria-describedby"):
                assert set(attrs.get(name, "").split()) <= set(ids), path
        assert all("aria-labelledby" in a for a in page.all("svg")), path
        assert all(
            a.get("tabindex") == "0"
            for a in page.all("div")
            if a.get("class", "").startswith("scroll")
        )


def test_awkward_names_are_shown_and_never_run(city, pages):
    page = pages["datasets/public_facility/index.html"]
    assert AWKWARD in "".join(page.text)
    assert all(not attrs or "src" in attrs for attrs in page.all("script"))
    assert b"</script>" not in (city[0].public / "index.html").read_bytes().split(b"</head>")[1]


def test_the_rows_of_the_script_are_those_of_the_file(city):
    folder = city[0].public / "datasets/public_facility"
    text = (folder / "rows.js").read_text("utf-8")
    columns = json.loads(text.removeprefix('window.machikane.put("rows",').removesuffix(");\n"))
    table = pl.read_csv(folder / "latest/272035_public_facility.csv", infer_schema=False)
    assert {c["name"]: c["values"] for c in columns} == {
        s.name: s.to_list() for s in table if s.null_count() < table.height
    }


def test_a_map_says_what_it_leaves_out(pages):
    text = "".join(pages["datasets/public_facility/index.html"].text)
    assert "59か所(うち 1か所は地図の外)。位置の書かれていない行が 1行あります" in text


def test_versions_are_told_apart(pages):
    text = "".join(pages["datasets/population/index.html"].text)
    assert "増えた行 1" in text
    assert "調査年月日・地域名" in text or "地域名 で" in text
    assert "4月分" in text


def test_the_feed_tells_every_event_once(city):
    atom = "{http://www.w3.org/2005/Atom}"
    for path in ("feed.xml", "en/feed.xml"):
        feed = ET.fromstring((city[0].public / path).read_bytes())  # noqa: S314 - our own
        ids = [e.findtext(f"{atom}id", "") for e in feed.iter(f"{atom}entry")]
        assert len(ids) == len(set(ids)) == 5
        assert feed.findtext(f"{atom}updated") == read_public(*city).updated_at
        assert any("aed" in i and "withdrawn" in i for i in ids)


@pytest.fixture(scope="module")
def served(city):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format, *args):  # noqa: A002 - the base names it
            pass

    handler = functools.partial(Quiet, directory=str(city[0].public))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def example(city, served, key):
    catalogue = read_public(*city)
    entry = next(e for e in catalogue.entries if e.name == "population")
    names = people(6).columns
    return next(e.code for e in list_examples(entry, names, served, Words("ja")) if e.key == key)


@pytest.mark.parametrize("key", ["polars", "pandas"])
def test_the_python_examples_work_as_they_stand(city, served, key, capsys):
    scope = {}
    exec(example(city, served, key), scope)  # noqa: S102 - what we tell people to run
    table = scope["table"]
    assert table.shape == (9, 43)
    assert next(iter(table["全国地方公共団体コード"])) == "272035"
    assert next(iter(table["総人口"])) == 4533
    capsys.readouterr()


def test_the_duckdb_example_names_a_file_that_duckdb_reads(city, served):
    code = example(city, served, "duckdb").replace(served, f"{city[0].public}/")
    assert duckdb.sql(code).shape[0] == 9


def test_without_an_address_of_the_city_the_examples_say_so(city):
    entry = next(e for e in read_public(*city).entries if e.name == "population")
    assert "www.example.jp" in list_examples(entry, [], None, Words("ja"))[0].code
