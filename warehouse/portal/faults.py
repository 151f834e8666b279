"""What a catalogue must obey before it is drawn: page names, links and lineage that hold.

Only the laws and the wording of their breach stand here; nothing is rendered or written.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.portal.model import Catalogue, Dataset, Release

_PAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_NOT_RELATIVE = re.compile(r"[\\/]|[A-Za-z][A-Za-z0-9+.-]*:")


class PortalError(ValueError):
    """The catalogue cannot be drawn; the message says what, where and what to do, in Japanese."""

    def __init__(self, message: str, where: str, remedy: str) -> None:
        """Word the three parts together."""
        super().__init__(f"{message}\n  場所: {where}\n  直し方: {remedy}")


def verify_catalogue(catalogue: Catalogue) -> None:
    """Refuse a catalogue whose pages would clash or whose links would lead astray.

    Raises:
        PortalError: a page name is unfit or used twice, a link is not a relative path, or the
            lineage names a node that is not there.
    """
    _verify_names("公開データ", [release.slug for release in catalogue.releases])
    _verify_names("業務データ", [dataset.name for dataset in catalogue.datasets])
    _verify_lineage(catalogue)
    for where, href in list_hrefs(catalogue):
        if not href or _NOT_RELATIVE.match(href):
            raise PortalError(
                "リンク先が相対パスではありません。",
                where,
                "ポータルのフォルダーから見た相対パス(例 releases/wifi/wifi.csv)にしてください。",
            )


def list_hrefs(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """List every link the catalogue declares, each with where it stands."""
    for release in catalogue.releases:
        yield from _keep_links(f"公開データ {release.slug}", _list_release_hrefs(release))
    for dataset in catalogue.datasets:
        yield from _keep_links(f"業務データ {dataset.name}", _list_dataset_hrefs(dataset))
    yield from (("分析事例", case.href) for case in catalogue.cases)
    yield from _keep_links("データの流れ", [node.href for node in catalogue.lineage])


def _keep_links(where: str, hrefs: list[str | None]) -> Iterator[tuple[str, str]]:
    return ((where, href) for href in hrefs if href is not None)


def _list_release_hrefs(release: Release) -> list[str | None]:
    files = [file.href for file in release.files]
    versions = [link.href for version in release.versions for link in version.links]
    return [*files, *versions, *(node.href for node in release.lineage), release.quality_href]


def _list_dataset_hrefs(dataset: Dataset) -> list[str | None]:
    neighbours = [*dataset.upstream, *dataset.downstream]
    return [*(node.href for node in neighbours), dataset.quality_href]


def _verify_names(kind: str, names: list[str]) -> None:
    # Two names that differ in case alone are one file on Windows.
    count = Counter(name.lower() for name in names)
    for name in names:
        if not _PAGE_NAME.fullmatch(name):
            raise PortalError(
                "ページの名前に使えない文字があります。",
                f"{kind} {name!r}",
                "英数字・_・- だけの名前にしてください。",
            )
        if count[name.lower()] > 1:
            raise PortalError(
                "同じ名前のページが2つ以上あります。",
                f"{kind} {name}",
                "名前が重ならないようにしてください。",
            )


def _verify_lineage(catalogue: Catalogue) -> None:
    count = Counter(node.key for node in catalogue.lineage)
    for node in catalogue.lineage:
        if count[node.key] > 1:
            raise PortalError(
                "データの流れに同じキーが2つ以上あります。",
                f"データの流れ {node.key}",
                "キーが重ならないようにしてください。",
            )
        for key in node.upstream:
            if key not in count:
                raise PortalError(
                    f"データの流れに「{key}」がありません。",
                    f"データの流れ {node.key}",
                    "もとになるデータもデータの流れに加えてください。",
                )
