"""A release as the portal shows it: from the ledger, the frozen versions and their own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.lineage_words import column_title
from warehouse.formats.csv_file import read_numbers
from warehouse.lineage.graph import Field
from warehouse.portal import model
from warehouse.release.candidate import newest_candidate
from warehouse.release.version import Version, is_withdrawn, version_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home
    from warehouse.lineage.graph import Lineage
    from warehouse.lineage.origins import Origin


def show_release(
    home: Home,
    register: Register,
    release: ReleaseQuery,
    lineage: Lineage,
    frozen: Sequence[Version],
) -> model.Release:
    """Describe one release: what is open, or what waits for approval, and what it is made of."""
    spec, standard = release.spec, release.standard
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
            title=standard.title, number=standard.number or "—", edition=standard.edition
        ),
        version=newest.name if newest else None,
        published_at=newest.approved_at if newest else None,
        approved_by=newest.approved_by if newest else None,
        period_label=shown.period or None if shown else None,
        rows=shown.rows if shown else None,
        columns=tuple(
            model.ReleaseColumn(
                name=c.name,
                required=c.required,
                made_of=tuple(_made_of(register, lineage, Field(f"open/{release.name}", c.name))),
            )
            for c in standard.columns
        ),
        protection=shown.protection if shown else (),
        caveats=(*spec.caveats, f"項目の並び: {standard.credit}"),
        files=_files(newest) if newest else (),
        versions=tuple(_version(v) for v in reversed(frozen)),
        preview=_preview(home, newest) if newest else None,
        lineage=tuple(_neighbour(register, source) for source in spec.sources),
        origins=tuple(_origin(register, origin) for origin in shown.origins) if shown else (),
    )


def _made_of(register: Register, lineage: Lineage, field: Field) -> list[str]:
    """Name the headers of delivered files behind a column, dataset by dataset."""
    behind = [f for f in lineage.upstream(field) if f.asset.startswith("landing/")]
    named = {}
    for found in behind:
        title = register.datasets[found.asset.split("/", 1)[1]].contract.title
        named.setdefault(title, []).append(column_title(register, found))
    return [f"{title}の{'・'.join(columns)}" for title, columns in named.items()]


def _origin(register: Register, origin: Origin) -> model.Origin:
    """Show a file; a dataset that the register no longer holds keeps its name."""
    dataset = register.datasets.get(origin.dataset)
    return model.Origin(
        title=dataset.contract.title if dataset else origin.dataset,
        period=origin.period,
        file_name=origin.file,
        sha256=origin.sha256,
        href=f"datasets/{origin.dataset}.html" if dataset else None,
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
    table = read_numbers(path, {}).head(model.PREVIEW_ROWS)
    filled = [c for c in table.columns if table[c].null_count() < table.height]
    rows = table.select(filled).rows()
    return model.Preview(
        columns=tuple(filled), rows=tuple(tuple(cell or "" for cell in row) for row in rows)
    )


def _neighbour(register: Register, source: str) -> model.Neighbour:
    layer, name = source.split(".", 1)
    if layer == "mart":
        return model.Neighbour(title=register.marts[name].spec.title, kind="分析用の表")
    title = register.datasets[name].contract.title
    return model.Neighbour(title=title, kind="庁内データ", href=f"datasets/{name}.html")
