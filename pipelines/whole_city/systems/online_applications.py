"""How many applications of each procedure came in a year, and how many of them online.

Numbers follow the size of the city; shares online are assumptions. The file names no year, so there
is one list a fiscal year and the newest counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "online_applications"
_NO_PERIOD = "-"
# Procedure, applications a year for 1,000 residents, share online (per cent).
_PROCEDURES = pl.DataFrame(
    [
        ("図書館の図書の貸出予約", 900.0, 88.0), ("文化・スポーツ施設の利用予約", 420.0, 71.0),
        ("住民票の写しの交付請求", 310.0, 24.0), ("印鑑登録証明書の交付請求", 190.0, 31.0),
        ("粗大ごみ収集の申込み", 110.0, 62.0), ("所得・課税証明書の交付請求", 75.0, 18.0),
        ("検診の申込み", 60.0, 54.0), ("転出届", 38.0, 33.0), ("転入届", 41.0, 0.0),
        ("職員採用試験の申込み", 3.2, 100.0), ("児童手当の認定請求", 9.0, 27.0),
        ("保育施設の利用申込み", 11.0, 44.0), ("要介護認定の申請", 29.0, 6.0),
        ("地方税の申告(eLTAX)", 52.0, 83.0), ("水道の使用開始の届出", 36.0, 57.0),
        ("妊娠の届出", 7.5, 36.0), ("犬の登録の申請", 2.1, 41.0), ("後援名義の使用申請", 0.9, 22.0),
        ("道路の占用許可の申請", 2.4, 39.0), ("飼い主の変更の届出", 0.25, 30.0),
        ("改葬の許可の申請", 0.08, 0.0), ("公文書の公開請求", 0.6, 48.0), ("墓地の使用の承継の申請", 0.02, 0.0),
    ],
    ["procedure_name", "rate", "per_cent"],
    orient="row",
)  # fmt: skip


def deliver(city: City) -> Iterator[Delivery]:
    """Give the counts of the year before, in April or in the city's first month."""
    thousands = city.residents_on(city.months[0]).height / 1000
    for year, moment in sent_yearly(city, 4, 24):
        rng = city.rng(f"{DATASET}/{year}")
        total = rng.poisson(_PROCEDURES["rate"].to_numpy() * thousands)
        online = rng.binomial(total, _PROCEDURES["per_cent"].to_numpy() / 100)
        rows = _PROCEDURES.select(
            procedure_name="procedure_name",
            online_count=pl.Series(online.astype(np.int64)),
            total_count=pl.Series(total.astype(np.int64)),
        )
        yield Delivery(DATASET, _NO_PERIOD, moment, rows, label=f"_{year}")
