"""The public site in a real Chromium: opened from a folder, with and without scripts, by keyboard.

Needs selenium and Debian's chromium and chromium-driver; without them these tests are skipped. The
accessibility rules are those of axe-core, fetched with npm when it is there, or named by AXE_CORE.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.warehouse.site.public_city import make_public_city
from warehouse.site.tree import build_site

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium here"),
]
FACILITY, POPULATION = "datasets/public_facility/index.html", "datasets/population/index.html"
PAGES = [
    "index.html",
    FACILITY,
    POPULATION,
    "datasets/aed/index.html",
    "catalogue.html",
    "about.html",
]
PAGES += [f"en/{page}" for page in PAGES]


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    home, register = make_public_city(tmp_path_factory.mktemp("city"), count=5000)
    build_site(home, register)
    return home.public


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield opened
    opened.quit()


@pytest.fixture
def visit(browser, public):
    """Open a page from the folder at a width, with or without scripts."""

    def go(page, width=1280, *, scripts=True):
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        browser.get((public / page).as_uri())
        if scripts and browser.find_elements(By.ID, "atlas"):
            wait(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "svg.moving .mark-group"))
        return browser

    yield go
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    if named := os.environ.get("AXE_CORE"):
        return Path(named).read_text("utf-8")
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm and no AXE_CORE")
    fetched = subprocess.run(
        [npm, "pack", "axe-core@4"], cwd=folder, capture_output=True, timeout=120, check=False
    )
    if fetched.returncode:
        pytest.skip("axe-core cannot be had")
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder)
    return (folder / "package/axe.min.js").read_text("utf-8")


def wait(browser, condition):
    return WebDriverWait(browser, 20).until(condition)


def text_of(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector).text


@pytest.mark.parametrize("page", PAGES)
def test_no_errors_no_requests_and_no_sideways_scrolling_on_a_phone(visit, browser, page):
    browser.get_log("performance")
    browser.get_log("browser")
    visit(page, 320)
    assert browser.get_log("browser") == []
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [
        m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"
    ]
    assert urls
    assert all(url.startswith(("file://", "data:")) for url in urls), urls
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 320, wide


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(visit, browser, axe, page, width):
    visit(page, width)
    for closed in browser.find_elements(By.CSS_SELECTOR, "details:not([open])"):
        browser.execute_script("arguments[0].open = true", closed)
    browser.execute_script(axe)
    wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run({runOnly: arguments[0]}).then((r) => done(r.violations));",
        wanted,
    )
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_holds_in_both_schemes(visit, browser, axe, scheme):
    feature = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", feature)
    try:
        for page in (POPULATION, FACILITY, "index.html"):
            visit(page)
            browser.execute_script(axe)
            found = browser.execute_async_script(
                "const done = arguments[0]; axe.run({runOnly: ['color-contrast']}).then((r) => done(r.violations));"
            )
            assert [n["html"] for v in found for n in v["nodes"]] == []
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_a_keyboard_reaches_everything_and_sees_where_it_is(visit, browser):
    visit(FACILITY)
    body = browser.find_element(By.TAG_NAME, "body")
    reached, wanted = (
        set(),
        browser.execute_script(
            "return [...document.querySelectorAll('a[href],button,summary,input,select,[tabindex=\"0\"]')]"
            ".filter((e) => e.checkVisibility() && !e.disabled).length"
        ),
    )
    for step in range(wanted + 3):
        (body if step == 0 else browser.switch_to.active_element).send_keys(Keys.TAB)
        seen = browser.execute_script(
            "const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();"
            "e.dataset.reached ??= 'r' + Math.random(); return [e.dataset.reached, e.tagName, parseFloat(s.outlineWidth), r.width * r.height, e.id]"
        )
        if seen[1] == "BODY":
            break
        reached.add(seen[0])
        assert seen[2] >= 2, seen
        assert seen[3] > 0, seen
    assert len(reached) == wanted


def test_the_skip_link_leads_into_the_page(visit, browser):
    visit("index.html")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "main"


def test_search_and_filters_narrow_the_list_and_say_how_many(visit, browser):
    visit("index.html")
    box = browser.find_element(By.ID, "q")
    box.send_keys("としょかん")
    assert text_of(browser, "#found").startswith("0")
    assert browser.find_element(By.ID, "none").is_displayed()
    box.clear()
    box.send_keys("図書館")
    assert text_of(browser, "#found") == "1 件のデータセット"
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    wait(browser, lambda b: text_of(b, "#found") == "2 件のデータセット")
    box.send_keys("ｓｈｉｓｅｔｓｕ")
    assert text_of(browser, "#found").startswith("0")
    browser.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
    Select(browser.find_element(By.ID, "theme")).select_by_value("SOCI")
    wait(browser, lambda b: text_of(b, "#cards .card:not([hidden]) h3") == "地域・年齢別人口")
    assert "theme=SOCI" in browser.current_url


def test_all_rows_can_be_searched_and_sorted_with_numbers_as_numbers(visit, browser):
    visit(FACILITY)
    browser.find_element(By.CSS_SELECTOR, "#explorer button").click()
    wait(browser, lambda b: b.find_elements(By.ID, "row-search"))
    browser.find_element(By.ID, "row-search").send_keys("第4999公民館")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#explorer tbody tr")) == 1
    assert "004999" in text_of(browser, "#explorer tbody")
    browser.find_element(By.ID, "row-search").clear()
    browser.find_element(By.ID, "row-search").send_keys("公民館")
    header = next(b for b in browser.find_elements(By.CSS_SELECTOR, ".sorter") if b.text == "緯度")
    header.click()
    cells = [
        r.find_elements(By.TAG_NAME, "td")[5].text
        for r in browser.find_elements(By.CSS_SELECTOR, "#explorer tbody tr")
    ]
    assert [float(c) for c in cells] == sorted(float(c) for c in cells)
    assert browser.find_elements(By.CSS_SELECTOR, 'th[aria-sort="ascending"]')


def test_the_map_moves_by_keyboard_and_mouse_and_shows_a_place(visit, browser):
    visit(FACILITY)
    svg = browser.find_element(By.CSS_SELECTOR, "svg.moving")
    whole = text_of(browser, ".seen-box summary")
    assert "4,998" in whole
    svg.send_keys("+++")
    wait(browser, lambda b: text_of(b, ".seen-box summary") != whole)
    zoomed = text_of(browser, ".seen-box summary")
    svg.send_keys(Keys.ARROW_LEFT * 3)
    wait(browser, lambda b: text_of(b, ".seen-box summary") != zoomed)
    browser.find_element(By.CSS_SELECTOR, ".seen-place").click()
    name = text_of(browser, ".place-card h3")
    assert "公民館" in name
    assert "大阪府豊中市" in text_of(browser, ".place-card dl")
    svg.send_keys("0")
    wait(browser, lambda b: text_of(b, ".seen-box summary") == whole)


def test_five_thousand_places_move_smoothly(visit, browser):
    visit(FACILITY)
    slowest = browser.execute_async_script("""
        const done = arguments[0], svg = document.querySelector("svg.moving"), times = [];
        let step = 0;
        function go() {
          const start = performance.now();
          svg.dispatchEvent(new KeyboardEvent("keydown", {key: step % 3 ? "ArrowRight" : "+"}));
          requestAnimationFrame(() => requestAnimationFrame(() => {
            times.push(performance.now() - start);
            step += 1;
            step < 20 ? go() : done(times.sort((a, b) => a - b)[10]);
          }));
        }
        go();
    """)
    assert slowest < 100, slowest
    assert len(browser.find_elements(By.CSS_SELECTOR, "svg.moving .mark-group")) < 700


def test_without_scripts_there_are_lists_a_map_a_chart_tables_and_downloads(visit, browser):
    visit("index.html", scripts=False)
    assert len(browser.find_elements(By.CSS_SELECTOR, ".card")) == 2
    assert not browser.find_element(By.ID, "finder").is_displayed()
    visit(FACILITY, scripts=False)
    assert browser.find_element(By.CSS_SELECTOR, "svg.still .outline").is_displayed()
    assert browser.find_elements(By.CSS_SELECTOR, "svg.still .disc")
    assert len(browser.find_elements(By.CSS_SELECTOR, "#explorer tbody tr")) == 10
    assert len(browser.find_elements(By.CSS_SELECTOR, ".downloads a")) == 3
    assert not [b for b in browser.find_elements(By.TAG_NAME, "button") if b.is_displayed()]
    visit(POPULATION, scripts=False)
    assert browser.find_element(By.CSS_SELECTOR, ".men").is_displayed()


def test_targets_are_large_enough_for_a_finger(visit, browser):
    visit(FACILITY, 360)
    small = browser.execute_script("""
        return [...document.querySelectorAll("button, input, select, summary, .button, .nav a, .language")]
          .filter((e) => e.checkVisibility())
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
          .filter(([, r]) => r.width < 24 || r.height < 24).map(([h]) => h);
    """)
    assert small == []
