"""Published files of real cities: dataset and edition of each, told by hand, and no crash.

A label is (dataset, edition); NONE is a file in the city's own layout. Each has its reason.
"""

from pathlib import Path

import pytest

import assets
from warehouse.refusal import Refusal
from warehouse.standards.convert import convert_table
from warehouse.standards.detect import detect
from warehouse.standards.files import judge_file
from warehouse.standards.layouts import CURRENT, OLDER, built_in_layouts
from warehouse.standards.reading import read_tables

REAL = Path(assets.__file__).resolve().parents[2] / "shared" / "real"
PUBLISHED = REAL / "open_data"
LAYOUTS = built_in_layouts()
NONE = None
T, L = "takamatsu_kagawa/", "takamatsu_kagawa/linkdata_style/"
# The columns of the older sheet under English keys; 都道府県コード, NO and the like tell the edition.
ENGLISH = "英字の項目名だが、列は旧・推奨データセットのもの"
OWN = "市や府県の独自の列"
FEW = "名称・住所・緯度経度など、どの一覧にもある列だけ"
LABELS = {
    T + "aed_location__data.xlsx": ("aed", OLDER, ENGLISH),
    L + "0002.csv": ("aed", OLDER, ENGLISH),
    T + "cultural_property__data.xlsx": ("cultural_property", OLDER, ENGLISH),
    L + "0063.csv": ("cultural_property", OLDER, ENGLISH),
    T + "evacuation_space__data.xlsx": ("evacuation_space", OLDER, f"{ENGLISH}。洪水は2列に分かれる"),
    L + "0060.csv": ("evacuation_space", OLDER, f"{ENGLISH}。洪水は2列に分かれる"),
    T + "exchange_center__data.xlsx": ("public_facility", OLDER, "旧様式の見出しのまま"),
    T + "hospital__data.csv": ("hospital", OLDER, f"{ENGLISH}。診療曜日と時間がない"),
    T + "hospital__data.xlsx": ("hospital", OLDER, f"{ENGLISH}。診療曜日と時間がない"),
    L + "0062.csv": ("hospital", OLDER, ENGLISH),
    T + "nursery_school__data.xlsx": ("preschool", OLDER, ENGLISH),
    L + "0013.csv": ("preschool", OLDER, ENGLISH),
    T + "open_data_list__0099.xlsx": ("open_data_list", OLDER, ENGLISH),
    L + "0099.csv": ("open_data_list", OLDER, ENGLISH),
    T + "public_toilet__data.xlsx": ("public_toilet", OLDER, ENGLISH),
    L + "0065.csv": ("public_toilet", OLDER, ENGLISH),
    T + "public_wireless_lan__data.xlsx": ("public_wireless_lan", OLDER, ENGLISH),
    L + "0064.csv": ("public_wireless_lan", OLDER, ENGLISH),
    T + "elderly_welfare_facility__data.csv": ("care_service", OLDER, "実施サービスと定員を持つ事業所の一覧"),
    "nanao_ishikawa/open_shelter_Nanao-shi_2024-01-09-1800.csv": ("evacuation_space", CURRENT, "現行03の列の並べ替え"),
    "nanao_ishikawa/open_shelter_Nanao-shi_2024-03-01-0600.csv": ("evacuation_space", CURRENT, "現行03の列の並べ替え"),
    "nanao_ishikawa/reference_data.csv": ("evacuation_space", CURRENT, "現行03の列の並べ替え"),
    "toyonaka_osaka/272035_food_business_HEADER_ONLY.csv": ("food_business", CURRENT, "現行15の列の一部"),
    "toyonaka_osaka/27203_public-toilet_normalized_EXCERPT.csv": ("public_toilet", CURRENT, "現行13の全列"),
    T + "children_club__data.xlsx": (NONE, NONE, OWN),
    T + "city_planning_basic_survey_information__0085_建築年.xlsx": (NONE, NONE, OWN),
    T + "city_planning_basic_survey_information__0085_用途別土地利用面積.xlsx": (NONE, NONE, OWN),
    T + "city_tax_settlement_status_r2__0097.xlsx": (NONE, NONE, OWN),
    T + "disabled_welfare_facility__data.xlsx": (NONE, NONE, FEW),
    T + "events__data.xlsx": (NONE, NONE, f"{OWN}(開催日が1列、行事名など)"),
    T + "future_population_data__0068.xlsx": (NONE, NONE, OWN),
    T + "garbage_separation_list__0074.xlsx": (NONE, NONE, "品名・分類・備考の3列だけ"),
    L + "0074.csv": (NONE, NONE, "品名・分類・備考の3列だけ"),
    T + "kindergarten__data.xlsx": (NONE, NONE, FEW),
    T + "library__data.xlsx": (NONE, NONE, FEW),
    T + "list_of_designated_collection_bag_dealers__data.xlsx": (NONE, NONE, FEW),
    T + "menu_information__0084_202607xlsx.xlsx": (NONE, NONE, OWN),
    T + "number_of_births_and_deaths__0091_2025.xlsx": (NONE, NONE, OWN),
    T + "number_of_people_moving_in_and_out__0092_2025 .xlsx": (NONE, NONE, OWN),
    T + "park__data.xlsx": (NONE, NONE, FEW),
    T + "polling_place_list__data.xlsx": (NONE, NONE, f"{OWN}(小選挙区など)"),
    T + "primary_school__data.xlsx": (NONE, NONE, FEW),
    T + "purchasing_information__0117_202210.xlsx": (NONE, NONE, OWN),
    T + "sandbag_creation_location__data.csv": (NONE, NONE, f"{FEW}と管理者"),
    L + "0083_202104.csv": (NONE, NONE, OWN),
    "toyonaka_osaka/272035_sanitiation_business_HEADER_ONLY.csv": (NONE, NONE, OWN),
}  # fmt: skip
# Whole folders of one kind.
FOLDERS = {
    "takamatsu_kagawa/population_monthly": ("population", OLDER, ENGLISH),
    "wakayama_pref": (NONE, NONE, f"{OWN}(避難先一覧)"),
    "osaka_pref_covid19": (NONE, NONE, OWN),
    "reference": (NONE, NONE, "団体コードの一覧"),
    "messy_statistics": (NONE, NONE, "統計表"),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published files are not here"),
]


def label_of(path):
    name = path.relative_to(PUBLISHED).as_posix()
    return LABELS.get(name) or FOLDERS[path.parent.relative_to(PUBLISHED).as_posix()]


def tell(path):
    """Tell the dataset and edition of the first table that is one."""
    read = read_tables(path, path.name, LAYOUTS.headings)
    layouts = (detect(table.headings, LAYOUTS, path.name).layout for table in read.tables)
    found = next((layout for layout in layouts if layout is not None), None)
    return (found.slug, found.edition) if found else (NONE, NONE)


def test_dataset_and_edition_are_told_as_by_hand():
    files = [p for p in PUBLISHED.rglob("*") if p.suffix in {".csv", ".xlsx"}]
    labelled = {path: label_of(path) for path in sorted(files)}
    wrong = {p.name: (tell(p), label[:2]) for p, label in labelled.items() if tell(p) != label[:2]}
    ones = [label for label in labelled.values() if label[0] is not NONE]
    missed = [name for name, (_, label) in wrong.items() if label[0] is not NONE]
    assert len(missed) <= 0.05 * len(ones), wrong
    assert len(wrong) - len(missed) <= 1, wrong


def test_no_published_file_breaks_the_check_or_the_conversion():
    for path in sorted(
        p for folder in ("open_data", "toyonaka") for p in (REAL / folder).rglob("*")
    ):
        if path.suffix not in {".csv", ".xlsx", ".json", ".parquet"} or "monthly" in str(path):
            continue
        try:
            read = read_tables(path, path.name, LAYOUTS.headings)
        except Refusal:
            continue
        judge_file(read, LAYOUTS)
        for table in read.tables:
            if detect(table.headings, LAYOUTS, path.name).layout is not None:
                done = convert_table(table, LAYOUTS, path.name)
                assert done.errors == 0, path.name
                assert {s.heading for s in done.sources} == set(table.rows.columns) - {"_row"}
