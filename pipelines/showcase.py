"""Fill the portal's catalogue from the register, the lake, the ledger and the last run's record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from pipelines import run_record
from pipelines.evidence import page_path
from pipelines.lineage_record import write_lineage
from pipelines.showcase_datasets import show_dataset
from pipelines.showcase_releases import show_release
from warehouse.atomic import write_atomically
from warehouse.lineage.graph import column_lineage
from warehouse.portal import model
from warehouse.portal.build import build_portal
from warehouse.release.version import all_versions
from warehouse.site.tree import build_site

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.register import Register
    from assets.release import Mart, Release
    from warehouse.home import Home
    from warehouse.lineage.graph import Lineage

SAMPLE_NOTICE = (
    "これはデモです。住民や施設などのデータは架空のもので、実在の豊中市のものではありません。"
)
_LAYERS = {"common": "internal", "mart": "mart"}
_NO_ROW_ACCOUNT = ("mart/", "open/", "evidence/", "portal")


def mark_sample(home: Home) -> None:
    """Note that this home holds the sample city, so that its pages say so."""
    write_atomically(home.sample_mark, SAMPLE_NOTICE)


def is_sample(home: Home) -> bool:
    """Tell whether this home holds the sample city."""
    return home.sample_mark.is_file()


def publish_portal(con: duckdb.DuckDBPyConnection, home: Home, register: Register) -> list[Path]:
    """Write the public site, then the portal's pages. `con` has `secure` and `internal` attached."""
    build_site(home, register)
    lineage = column_lineage(register)
    return build_portal(make_catalogue(con, home, register, lineage), home.portal)


def publish_run(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, run: str
) -> list[Path]:
    """Write, once for a run, what it made of what, then site and pages as above."""
    write_lineage(con, home, register, column_lineage(register), run)
    return publish_portal(con, home, register)


def make_catalogue(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, lineage: Lineage
) -> model.Catalogue:
    """Gather what the portal shows: metadata, counts, and rows of open releases only."""
    city, frozen = register.city, all_versions(home)
    return model.Catalogue(
        city=model.City(name=city.name, publisher=city.publisher, contact=city.contact),
        notice=SAMPLE_NOTICE if is_sample(home) else "",
        generated_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        run=_run(home),
        releases=tuple(
            show_release(home, register, r, lineage, frozen.get(r.name, []))
            for r in register.releases.values()
        ),
        datasets=tuple(show_dataset(con, home, register, d) for d in register.datasets.values()),
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
