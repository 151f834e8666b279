"""What must never stand on a public page, kept out twice.

First `without_in_house` takes it away from the declarations before anything is rendered; then
`refuse_in_house` looks for it in what was rendered, so that a new renderer cannot let it slip in.
In-house are: who prepared, who may approve and who approved a release, the names of the delivered
files, the findings of the gate, the answers for the law's checklist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.refusal import Refusal
from warehouse.release.ledger import decisions
from warehouse.release.version import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assets.register import Register
    from warehouse.catalogue.entries import Entry, PublicCatalogue
    from warehouse.home import Home

# Shorter words stand in ordinary text by chance.
_SHORTEST = 3
_HIDDEN = {"prepared_by": "", "approvers": [], "declaration": None, "overlaps": None}


def without_in_house(catalogue: PublicCatalogue) -> PublicCatalogue:
    """Blank what pages have no business to know in every entry's declaration."""
    entries = [
        replace(entry, spec=entry.spec.model_copy(update=_HIDDEN)) for entry in catalogue.entries
    ]
    return replace(catalogue, entries=tuple(entries))


def in_house_words(home: Home, register: Register) -> frozenset[str]:
    """List the names and sentences that may stand nowhere, unless the city publishes them itself.

    Raises:
        Refusal: `ledger.broken`.
    """
    words: set[str | None] = {decision.person for decision in decisions(home)}
    for name, release in register.releases.items():
        spec = release.spec
        words |= {spec.prepared_by, *spec.approvers}
        if spec.declaration:
            words.add(spec.declaration.known_to_outsiders)
        for version in versions(home, name):
            words |= {origin.file for origin in version.candidate.origins}
            words |= {finding["message"] for finding in version.candidate.findings}
    return frozenset(word for word in words if word and len(word) >= _SHORTEST)


def refuse_in_house(
    pages: Mapping[str, bytes], words: frozenset[str], catalogue: PublicCatalogue, data: bytes
) -> None:
    """Stop when a page holds an in-house word.

    Args:
        pages: Path to content.
        words: From `in_house_words`.
        catalogue: What the city says in public; a word that stands in it is no secret.
        data: The public rows, for the same reason.

    Raises:
        Refusal: `site.in_house`; the word itself is not repeated.
    """
    told = "\n".join(_public_texts(catalogue)).encode()
    secret = [word.encode() for word in sorted(words) if word.encode() not in told]
    for path, content in pages.items():
        # The rows are long: they are asked only about a word that was found.
        if any(word in content and word not in data for word in secret):
            raise Refusal(
                "site.in_house",
                "公開ページに庁内だけの情報(担当者・承認者の名前、届いたファイルの名前、検査の指摘)が入るところでした。公開ページの更新を止めました。",
                path,
                "公開データの説明文・変更の理由にその名前を書いていないか確かめてください。",
            )


def _public_texts(catalogue: PublicCatalogue) -> Iterable[str]:
    city = catalogue.city
    yield from (city.name, city.publisher, city.contact)
    for entry in catalogue.entries:
        yield from _texts_of(entry)


def _texts_of(entry: Entry) -> Iterable[str]:
    spec, layout = entry.spec, entry.standard
    yield from (spec.title, spec.title_en, spec.description, spec.description_en, spec.contact)
    yield from (*spec.keywords, *spec.caveats, layout.title, layout.credit, *layout.notes)
    for column in (*layout.columns, *layout.also):
        yield from (column.name, column.description, column.example, *column.values)
        yield from column.codes.values()
