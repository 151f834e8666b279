"""Accept a proposal: edit the contract's YAML, prove that the register still stands, write it.

Nothing is written before the whole register has been read with the edited text in its place.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assets.errors import RegisterError
from assets.register import load_register
from assets.strict_yaml import load_yaml
from warehouse.atomic import write_atomically
from warehouse.drift.edits import Edit, apply_edits, edits_of
from warehouse.drift.proposals import consent, log_accepted, withdraw_proposal
from warehouse.drift.wording import describe
from warehouse.drift.yaml_text import edit_text
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assets.register import Dataset, Register
    from warehouse.drift.change import Change, Proposal
    from warehouse.home import Home

_DECLARED = {".yaml", ".yml", ".sql", ".csv", ".py"}
_BOM = "\ufeff"


@dataclass(frozen=True)
class Draft:
    """A contract before and after; without a difference only consent is given.

    Attributes:
        changes: the changes that were chosen.
        text: the edited YAML.
        original: the bytes it was made from.
        diff: the unified difference.
    """

    changes: tuple[Change, ...]
    text: str
    original: bytes
    diff: str


def draft_contract(dataset: Dataset, proposal: Proposal, changes: Iterable[Change]) -> Draft:
    """Edit the contract as the chosen changes ask for.

    Raises:
        Refusal: `accept.stale` when the contract is not the one the proposal was made for,
            `contract.not_editable`.
    """
    if dataset.fingerprint != proposal.fingerprint:
        raise _stale(dataset)
    original = dataset.path.read_bytes()
    text = original.decode("utf-8")
    mark, body = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    chosen = tuple(changes)
    edited = mark + edit_text(body, _edits(body, proposal, chosen))
    return Draft(chosen, edited, original, unified_diff(dataset.path, text, edited))


def unified_diff(path: Path, before: str, after: str) -> str:
    """Show what an edit changes, as `diff -u` does."""
    name = "/".join(path.parts[-2:])
    lines = [text.replace("\r\n", "\n").splitlines(keepends=True) for text in (before, after)]
    return "".join(difflib.unified_diff(*lines, fromfile=name, tofile=name, n=1))


def accept(
    home: Home, register: Register, dataset: Dataset, proposal: Proposal, draft: Draft
) -> None:
    """Write the draft in place of the contract and put it on record.

    Raises:
        Refusal: `accept.invalid`, `accept.stale`, `accept.read_only`; then nothing was written.
    """
    _require_valid(register, dataset, draft)
    if dataset.path.read_bytes() != draft.original:
        raise _stale(dataset)
    mere_consent = [c.id for c in draft.changes if not _has_edit(draft, proposal, c)]
    try:
        if draft.diff:
            mode = dataset.path.stat().st_mode
            write_atomically(dataset.path, draft.text.encode("utf-8"))
            dataset.path.chmod(mode)
    except OSError as error:
        raise Refusal(
            "accept.read_only",
            "台帳に書き込めません。契約は変わっていません。",
            str(dataset.path),
            "台帳に書き込める人が受け入れるか、表示された差分のとおりに手で直してください。",
        ) from error
    if mere_consent:
        consent(home, proposal, mere_consent)
    log_accepted(home, proposal, [describe(c) for c in draft.changes], draft.diff)
    withdraw_proposal(home, proposal)


def _edits(text: str, proposal: Proposal, changes: Iterable[Change]) -> list[Edit]:
    """Gather the edits one change after the other: each stands on those before it."""
    document = cast("dict[str, Any]", load_yaml(text))
    edits: list[Edit] = []
    for change in changes:
        more = edits_of(change, proposal.validity, document)
        document = apply_edits(document, more)
        edits += more
    return edits


def _has_edit(draft: Draft, proposal: Proposal, change: Change) -> bool:
    document = cast("dict[str, Any]", load_yaml(draft.original.decode("utf-8-sig")))
    return bool(edits_of(change, proposal.validity, document))


def _require_valid(register: Register, dataset: Dataset, draft: Draft) -> None:
    """Read a copy of the whole register with the edited contract in it."""
    with tempfile.TemporaryDirectory(prefix="machikane-") as folder:
        copy = Path(folder) / "register"
        for path in register.root.rglob("*"):
            if path.suffix in _DECLARED and path.is_file():
                place = copy / path.relative_to(register.root)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
        edited = copy / dataset.path.relative_to(register.root)
        edited.write_bytes(draft.text.encode("utf-8"))
        try:
            load_register(copy)
        except RegisterError as error:
            said = str(error).replace(str(copy), str(register.root))
            raise Refusal(
                "accept.invalid",
                f"この変更を書き込むと、契約が読めなくなります。契約は変わっていません。\n{said}",
                str(dataset.path),
                "一部の変更だけを --only で受け入れるか、契約を手で直してください。",
            ) from error


def _stale(dataset: Dataset) -> Refusal:
    return Refusal(
        "accept.stale",
        "提案を作ったあとで契約が変わりました。契約は書き換えていません。",
        str(dataset.path),
        "machikane run を動かすと、新しい契約で見直し、要れば提案を作り直します。",
    )
