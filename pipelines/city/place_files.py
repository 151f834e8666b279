"""AEDs, public toilets and wireless networks: drawn as for the whole city, at the facilities of this one.

They are written as their contracts say that their departments write them, without a fault.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import assets
from assets.contract import Contract
from assets.register import Dataset
from assets.strict_yaml import load_yaml
from pipelines.city.facility_files import draw_facilities
from pipelines.city.people import open_stream
from pipelines.city.truth import FileTruth
from pipelines.whole_city.city import PERSONS, VERSIONS, City, Delivery
from pipelines.whole_city.people.places import list_towns
from pipelines.whole_city.systems.aeds import draw_aeds
from pipelines.whole_city.systems.public_facilities import KIND_NAMES
from pipelines.whole_city.systems.public_toilets import draw_toilets
from pipelines.whole_city.systems.public_wireless_lans import draw_access_points
from pipelines.whole_city.writing.delivery import write_delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

AEDS, TOILETS, WIRELESS_LANS = (
    "AED設置箇所_令和8年度.xlsx",
    "公園トイレ台帳_令和8年度.csv",
    "公衆無線LAN_令和8年度.csv",
)
_REGISTER = Path(assets.__file__).parent
_PERIOD = "2026"
_APRIL = dt.date(2026, 4, 1)
# The time of delivery is stamped with that of all other files.
_ANY_TIME = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def write_places(inbox: Path, seed: int) -> dict[str, FileTruth]:
    """Write the three lists."""
    truth = {}
    for department, dataset, rows in _draw(seed):
        contract = Contract.model_validate(
            load_yaml((_REGISTER / department / f"{dataset}.yaml").read_text("utf-8"))
        )
        declared = Dataset(dataset, department, contract, "", Path())
        delivery = Delivery(dataset, _PERIOD, _ANY_TIME, rows, dirty=False)
        written = write_delivery(delivery, declared, inbox, seed=seed, share=0)
        written.path.replace(inbox / written.path.name)
        (inbox / department).rmdir()
        truth[written.path.name] = FileTruth(rows.height)
    return truth


def _draw(seed: int) -> Iterator[tuple[str, str, pl.DataFrame]]:
    city, facilities = _empty_city(seed), _facilities(seed)
    schools = pl.DataFrame(schema=dict.fromkeys(_OF_A_SCHOOL, pl.String) | _DEGREES)
    yield "fire", "aeds", draw_aeds(city, facilities, schools)
    yield "environment", "public_toilets", draw_toilets(city)
    yield "digital", "public_wireless_lans", draw_access_points(city, facilities)


_OF_A_SCHOOL = ("school_name", "school_name_kana", "address", "phone")
_DEGREES = {"latitude": pl.Float64, "longitude": pl.Float64}


def _empty_city(seed: int) -> City:
    """Give the towns without people: so many places as there are in the smallest city."""
    nobody = pl.DataFrame(schema=PERSONS), pl.DataFrame(schema=VERSIONS)
    return City(seed, [_APRIL], list_towns(), *nobody)


def _facilities(seed: int) -> pl.DataFrame:
    """Give the facilities of this city as the whole city's lists name them."""
    drawn = draw_facilities(open_stream(seed, "facilities"))
    return drawn.select(
        facility_id="施設ID",
        facility_name="名称",
        facility_name_kana=pl.col("名称カナ").str.normalize("NFKC"),
        postal_code=pl.col("郵便番号").str.normalize("NFKC").str.replace_all(r"\D", ""),
        address=pl.col("所在地").str.replace("番", "-").str.strip_suffix("号"),
        latitude=pl.col("緯度").cast(pl.Float64),
        longitude=pl.col("経度").cast(pl.Float64),
        phone=pl.col("電話番号").str.replace(r"^(\d+)-", "($1)"),
        opening_time="開館時間",
        closing_time="閉館時間",
        closed_days="休館日",
        kind=pl.col("名称").str.extract(f"({'|'.join(KIND_NAMES)})$"),
    )
