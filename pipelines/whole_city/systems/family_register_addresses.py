"""戸籍の附票: where the members of the city's family registers have lived, as other cities report it.

One row an address; members who never were residents are left out, as in `family_registers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import BORN, CORRECTED, MOVED_IN, MOVED_OUT, MOVED_WITHIN
from pipelines.whole_city.records.families import BORN_EVENT, DEATH
from pipelines.whole_city.records.lives import tell_lives
from pipelines.whole_city.records.register_book import describe_memberships, own_number
from pipelines.whole_city.records.sending import send_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City, Delivery

DATASET = "family_register_addresses"
_HOME = "272035"
_REASONS = {MOVED_IN: "2", MOVED_WITHIN: "3", MOVED_OUT: "4", BORN: "5", CORRECTED: "9"}
_ENTERED, _DIED, _LEFT = "1", "6", "7"
_OF_ADDRESS = (
    *("person", "effective_date", "until_date", "notified_date", "reason", "full_name", "town"),
    *("block", "building", "is_resident", "elsewhere", "address_since_date"),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the changes of addresses, month after month."""
    return send_changes(city, DATASET, _changes(city), "recorded_date", 11)


def _changes(city: City) -> pl.DataFrame:
    members = describe_memberships(city)
    lives = tell_lives(city, members["person"].unique()).select(_OF_ADDRESS)
    return (
        pl.concat([_addresses(members, lives), _ends(members, lives)])
        .sort("register", "member_number", "since", "is_gone", "effective_date")
        .select(**_columns(city))
    )


def _addresses(members: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Give every address held while in the register; the first one is noted on entering it."""
    held = members.join(lives, on="person", how="inner").filter(
        pl.col("until_date") > pl.col("entered_date"),
        pl.col("effective_date") < pl.col("left_date"),
    )
    is_first = pl.col("effective_date") <= pl.col("entered_date")
    is_born = is_first & (pl.col("entry_code") == BORN_EVENT) & (pl.col("reason") == BORN)
    moved = pl.col("reason").is_in(list(_REASONS))
    code = pl.col("reason").replace_strict(_REASONS, default=None, return_dtype=pl.String)
    return held.filter(is_first | moved).with_columns(
        # A correction holds from the day of the address it corrects.
        since=pl.max_horizontal(
            pl.when(pl.col("reason") == CORRECTED)
            .then("address_since_date")
            .otherwise("effective_date"),
            "entered_date",
        ),
        reason_code=pl.when(is_first & ~is_born).then(pl.lit(_ENTERED)).otherwise(code),
        informed=pl.max_horizontal("notified_date", "entered_date"),
        is_gone=pl.lit(value=False),
    )


def _ends(members: pl.DataFrame, lives: pl.DataFrame) -> pl.DataFrame:
    """Give the row that ends the addresses of who left the register, with the last address."""
    left = members.filter(pl.col("leaving_code").is_not_null()).join(
        lives, on="person", how="inner"
    )
    died = pl.col("leaving_code") == DEATH
    last = left.filter(pl.col("effective_date") <= pl.col("left_date")).unique(
        ["person", "register"], keep="last", maintain_order=True
    )
    return last.with_columns(
        since=pl.col("left_date"),
        reason_code=pl.when(died).then(pl.lit(_DIED)).otherwise(pl.lit(_LEFT)),
        informed=pl.max_horizontal("notified_date", "left_date"),
        is_gone=pl.lit(value=True),
    )


def _columns(city: City) -> dict[str, pl.Expr]:
    # Dying changes no address: only who moved out lives elsewhere.
    here, gone = pl.col("reason") != MOVED_OUT, pl.col("is_gone")
    serial = (pl.int_range(pl.len()) + 1).over("register", "member_number")
    recorded = pl.col("informed").dt.offset_by("3d")
    return {
        "family_register_id": pl.col("family_register_id"),
        "member_number": pl.col("member_number").cast(pl.Int64),
        "history_number": serial.cast(pl.Int64),
        "resident_id": own_number(city, "informed"),
        "domicile_town": pl.col("domicile_town"),
        "domicile_block": pl.col("domicile_block"),
        "head_name": pl.col("head_name"),
        "full_name": pl.concat_str("head_surname", "given", separator="\u3000"),
        "birth_date": pl.col("birth_date"),
        "sex_code": pl.col("sex_code"),
        "municipality_code": pl.when(here).then(pl.lit(_HOME)).otherwise("elsewhere"),
        "town": pl.when(here).then("town"),
        "block": pl.when(here).then("block"),
        "building": pl.when(here).then("building"),
        "address_since_date": pl.col("since"),
        "reason_code": pl.col("reason_code"),
        "member_status_code": pl.when(gone).then(pl.lit("2")).otherwise(pl.lit("1")),
        "informed_date": pl.col("informed"),
        "recorded_date": recorded,
        "is_in_city": here,
    }
