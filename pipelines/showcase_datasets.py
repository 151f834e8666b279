"""A departmental dataset as the portal shows it: its contract and how its collection goes.

Metadata and counts only; no value of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pipelines.quality import report_path
from warehouse.drift.wording import WAITING as WAITING_TITLE
from warehouse.lake import Loaded, loaded
from warehouse.landing import receipts
from warehouse.periods import missing_periods
from warehouse.portal import model
from warehouse.raw import WAITING, current_deliveries, open_refusals, open_waits

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset, Register
    from warehouse.home import Home


def show_dataset(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, dataset: Dataset
) -> model.Dataset:
    """Describe one dataset. `con` has `secure` attached."""
    contract = dataset.contract
    # A register describes more than a city delivers: of what never came nothing is asked.
    has_come = bool(receipts(home, dataset.name))
    raw, common, quality = (
        loaded(con, "secure", f"{step}/{dataset.name}") if has_come else {}
        for step in ("raw", "common", "quality")
    )
    current = current_deliveries(dataset, raw.values())
    periods = [str(e.account["period"]) for e in current]
    has_report = report_path(home, dataset.name).is_file()
    return model.Dataset(
        name=dataset.name,
        title=contract.title,
        description=contract.description,
        department=contract.owner.department,
        owner=contract.owner.department,
        contact=contract.owner.contact,
        legal_basis=contract.legal_basis,
        frequency=contract.frequency,
        retention=f"{contract.retention.years}年({contract.retention.basis})",
        columns=tuple(_columns(dataset)),
        deliveries=tuple(_deliveries(home, dataset, raw, common, {e.delivery for e in current})),
        missing_periods=tuple(missing_periods(contract.frequency, periods)),
        checks=tuple(_checks(quality.get(""))),
        quality_href=f"../reports/quality/{dataset.name}.html" if has_report else None,
        downstream=tuple(_downstream(register, f"common.{dataset.name}")),
    )


def _columns(dataset: Dataset) -> list[model.DatasetColumn]:
    return [
        model.DatasetColumn(
            name=name,
            title=column.title,
            type=column.type,
            classification=column.classification,
            unit=column.unit,
            role=column.role,
            required=column.required,
            sources=tuple(source.name for source in column.source),
        )
        for name, column in dataset.contract.table_columns.items()
    ]


def _deliveries(
    home: Home,
    dataset: Dataset,
    raw: dict[str, Loaded],
    common: dict[str, Loaded],
    current: set[str],
) -> list[model.Delivery]:
    found = []
    entries = raw.values()
    unsettled = {e.delivery for e in (*open_refusals(entries), *open_waits(entries))}
    for receipt in reversed(receipts(home, dataset.name)):
        about: dict[str, Any] = raw[receipt.delivery].account if receipt.delivery in raw else {}
        loaded_rows = common.get(receipt.delivery)
        refused, waits = about.get("state") == "refused", about.get("state") == WAITING
        state = (
            WAITING_TITLE
            if waits
            else "拒否"
            if refused
            else "取込済"
            if receipt.delivery in current
            else "差替え済"
        )
        again = [f"同じ内容の再送: {name}" for name in receipt.names[1:]]
        found.append(
            model.Delivery(
                period=receipt.period,
                file_name=receipt.name,
                received_at=receipt.received_at,
                size_bytes=receipt.size,
                sha256=receipt.sha256[:12],
                state=cast("model.DeliveryState", state),
                rows=cast("int", loaded_rows.account["rows_out"]) if loaded_rows else None,
                rows_quarantined=cast("int", loaded_rows.account["quarantined"])
                if loaded_rows
                else None,
                rows_set_aside=sum(about.get("set_aside", {}).values()) if about else None,
                is_open=receipt.delivery in unsettled,
                message="\n".join([*(about.get("notes", []) if refused or waits else []), *again]),
            )
        )
    return found


def _checks(quality: Loaded | None) -> list[model.CheckResult]:
    answers = cast("list[dict[str, Any]]", quality.account.get("checks", [])) if quality else []
    return [
        model.CheckResult(title=a["title"], passed=a["passed"], severity="ERROR") for a in answers
    ]


def _downstream(register: Register, source: str) -> list[model.Neighbour]:
    marts = [m for m in register.marts.values() if source in m.spec.sources]
    releases = [r for r in register.releases.values() if source in r.spec.sources]
    return [
        *(model.Neighbour(title=m.spec.title, kind="分析用の表") for m in marts),
        *(
            model.Neighbour(title=r.spec.title, kind="公開データ", href=f"releases/{r.name}.html")
            for r in releases
        ),
    ]
