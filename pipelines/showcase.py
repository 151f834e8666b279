"""Fill the portal's catalogue from the register, the lake, the ledger and the last run's record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from pipelines import run_record
from pipelines.evidence import page_path
from pipelines.quality import report_path
from warehouse.lake import Loaded, loaded
from warehouse.landing import receipts
from warehouse.periods import missing_periods
from warehouse.portal import model
from warehouse.portal.build import build_portal
from warehouse.raw import current_deliveries
from warehouse.release.candidate import newest_candidate
from warehouse.release.formats import read_csv
from warehouse.release.publish import Version, is_withdrawn, version_folder, versions

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.register import Dataset, Register, ReleaseQuery
    from assets.release import Mart, Release
    from warehouse.home import Home

_LAYERS = {"common": "internal", "mart": "mart"}
_NO_ROW_ACCOUNT = ("mart/", "open/", "evidence/", "portal")


def publish_portal(con: duckdb.DuckDBPyConnection, home: Home, register: Register) -> list[Path]:
    """Write the portal's pages. `con` has `secure` and `internal` attached."""
    return build_portal(make_catalogue(con, home, register), home.portal)


def make_catalogue(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register
) -> model.Catalogue:
    """Gather what the portal shows: metadata, counts, and rows of open releases only."""
    city = register.city
    return model.Catalogue(
        city=model.City(name=city.name, publisher=city.publisher, contact=city.contact),
        generated_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        run=_run(home),
        releases=tuple(_release(home, register, r) for r in register.releases.values()),
        datasets=tuple(_dataset(con, home, register, d) for d in register.datasets.values()),
        cases=tuple(_cases(home, register)),
        lineage=tuple(_lineage(register)),
    )


def _run(home: Home) -> model.Run | None:
    run_id = run_record.latest_run(home)
    if run_id is None:
        return None
    steps = run_record.read_steps(home, run_id)
    seconds = sum(step.seconds for step in steps)
    started = dt.datetime.fromisoformat(steps[0].finished_at) - dt.timedelta(
        seconds=steps[0].seconds
    )
    return model.Run(
        run_id=run_id[:8],
        started=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        steps=tuple(_step(step) for step in steps if step.asset != "portal"),
    )


def _step(step: run_record.Step) -> model.Step:
    account, by_row = step.account, not step.asset.startswith(_NO_ROW_ACCOUNT)
    return model.Step(
        title=step.title,
        asset_key=step.asset,
        zone=step.zone,
        status=cast("model.StepStatus", step.status),
        rows_in=account.rows_in if by_row and not step.message else None,
        rows_out=account.rows_out,
        rows_quarantined=account.quarantined if by_row else None,
        rows_set_aside=sum(account.set_aside.values()) if by_row else None,
        seconds=step.seconds,
    )


def _release(home: Home, register: Register, release: ReleaseQuery) -> model.Release:
    spec, standard = release.spec, release.standard
    frozen = versions(home, release.name)
    newest = frozen[-1] if frozen else None
    waiting = newest_candidate(home, release.name)
    shown = newest.candidate if newest else waiting
    state = "公開中" if newest else "取下げ" if is_withdrawn(home, release.name) else "承認待ち"
    return model.Release(
        slug=release.name,
        title=spec.title,
        description=spec.description,
        licence=spec.licence,
        contact=spec.contact,
        frequency=spec.frequency,
        state=state,
        prepared_by=spec.prepared_by,
        standard=model.Standard(
            title=standard.title, number=standard.number, edition=standard.edition
        ),
        version=newest.name if newest else None,
        published_at=newest.approved_at if newest else None,
        approved_by=newest.approved_by if newest else None,
        period_label=shown.period or None if shown else None,
        rows=shown.rows if shown else None,
        columns=tuple(
            model.ReleaseColumn(name=c.name, required=c.required) for c in standard.columns
        ),
        protection=shown.protection if shown else (),
        caveats=tuple(spec.caveats),
        files=_files(newest) if newest else (),
        versions=tuple(_version(v) for v in reversed(frozen)),
        preview=_preview(home, newest) if newest else None,
        lineage=tuple(_neighbour(register, source) for source in spec.sources),
    )


def _files(version: Version) -> tuple[model.ReleaseFile, ...]:
    return tuple(
        model.ReleaseFile(
            name=file.name,
            format=file.name.rsplit(".", 1)[-1].upper(),
            size_bytes=file.size,
            sha256=file.sha256,
            href=_href(version, file.name),
        )
        for file in version.candidate.files
    )


def _version(version: Version) -> model.ReleaseVersion:
    links = [model.Link(label=f.name, href=_href(version, f.name)) for f in version.candidate.files]
    return model.ReleaseVersion(
        version=version.name,
        published_at=version.approved_at,
        rows=version.candidate.rows,
        note=version.note,
        links=tuple(links),
    )


def _href(version: Version, file: str) -> str:
    return f"../releases/{version.release}/{version.name}/{file}"


def _preview(home: Home, version: Version) -> model.Preview:
    csv = next(f.name for f in version.candidate.files if f.name.endswith(".csv"))
    path = version_folder(home, version.release, version.name) / csv
    table = read_csv(path.read_bytes(), []).head(model.PREVIEW_ROWS)
    filled = [c for c in table.columns if table[c].null_count() < table.height]
    rows = table.select(filled).rows()
    return model.Preview(
        columns=tuple(filled), rows=tuple(tuple(cell or "" for cell in row) for row in rows)
    )


def _dataset(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, dataset: Dataset
) -> model.Dataset:
    contract = dataset.contract
    raw = loaded(con, "secure", f"raw/{dataset.name}")
    common = loaded(con, "secure", f"common/{dataset.name}")
    quality = loaded(con, "secure", f"quality/{dataset.name}").get("")
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
        checks=tuple(_checks(quality)),
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
        for name, column in dataset.contract.columns.items()
    ]


def _deliveries(
    home: Home,
    dataset: Dataset,
    raw: dict[str, Loaded],
    common: dict[str, Loaded],
    current: set[str],
) -> list[model.Delivery]:
    found = []
    for receipt in reversed(receipts(home, dataset.name)):
        about: dict[str, Any] = raw[receipt.delivery].account if receipt.delivery in raw else {}
        loaded_rows = common.get(receipt.delivery)
        refused = about.get("state") == "refused"
        state = "拒否" if refused else "取込済" if receipt.delivery in current else "差替え済"
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
                message="\n".join([*(about.get("notes", []) if refused else []), *again]),
            )
        )
    return found


def _checks(quality: Loaded | None) -> list[model.CheckResult]:
    answers = cast("list[dict[str, Any]]", quality.account.get("checks", [])) if quality else []
    return [
        model.CheckResult(title=a["title"], passed=a["passed"], severity="ERROR") for a in answers
    ]


def _cases(home: Home, register: Register) -> list[model.Case]:
    found = []
    for name, case in register.cases.items():
        page = page_path(home, name)
        if page.is_file():
            made = dt.datetime.fromtimestamp(page.stat().st_mtime, dt.UTC)
            found.append(
                model.Case(
                    title=case.title,
                    question=case.question,
                    owner=case.owner,
                    href=f"../reports/cases/{name}.html",
                    executed_at=made.isoformat(timespec="seconds"),
                )
            )
    return found


def _neighbour(register: Register, source: str) -> model.Neighbour:
    layer, name = source.split(".", 1)
    if layer == "mart":
        return model.Neighbour(title=register.marts[name].spec.title, kind="分析用の表")
    title = register.datasets[name].contract.title
    return model.Neighbour(title=title, kind="庁内データ", href=f"datasets/{name}.html")


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


def _lineage(register: Register) -> list[model.LineageNode]:
    nodes = []
    for name, dataset in register.datasets.items():
        title, href = dataset.contract.title, f"datasets/{name}.html"
        chain = (
            ("landing", ()),
            ("secure", (f"landing/{name}",)),
            ("internal", (f"secure/{name}",)),
        )
        for layer, upstream in chain:
            node = f"{layer}/{name}"
            nodes.append(
                model.LineageNode(
                    key=node,
                    title=title,
                    layer=cast("model.Layer", layer),
                    upstream=upstream,
                    href=href,
                )
            )
    nodes += [_product_node("mart", m.name, m.spec, None) for m in register.marts.values()]
    nodes += [
        _product_node("open", r.name, r.spec, f"releases/{r.name}.html")
        for r in register.releases.values()
    ]
    return nodes


def _product_node(
    layer: str, name: str, spec: Mart | Release, href: str | None
) -> model.LineageNode:
    pairs = [source.split(".", 1) for source in spec.sources]
    return model.LineageNode(
        key=f"{layer}/{name}",
        title=spec.title,
        layer=cast("model.Layer", layer),
        upstream=tuple(f"{_LAYERS[kind]}/{source}" for kind, source in pairs),
        href=href,
    )
