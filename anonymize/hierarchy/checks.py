"""Whether the rows of a hierarchy can be used: complete, free of contradictions, covering the data.

Belongs here: the search for faults, each with file, line, column, level and value. Must not hold:
the reading of files (`arx`), and any repair: a hierarchy is mended by whoever answers for it.

A hierarchy is monotone when two values that share a label share every higher label: only then is
a class of a higher level the union of classes of a lower one (Sweeney, Achieving k-anonymity
privacy protection using generalization and suppression, 2002: a value generalisation hierarchy is
a tree).
"""

import difflib
from collections.abc import Iterable, Iterator, Sequence

from anonymize.hierarchy.arx import Row
from anonymize.hierarchy.faults import Fault, HierarchyError, name_values
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy, hierarchy_of_rows

BLANK = ""
BLANK_LABEL = "空欄"


def require_hierarchy(
    rows: Sequence[Row], values: Iterable[str], *, column: str, file: str
) -> Hierarchy:
    """Build the hierarchy of a file for a column, or say everything that is wrong with it.

    A blank value of the data (null or empty text) that the file does not list gets a label of its
    own, `空欄`, at every level above 0, and the top label where the file has one single top label.

    Args:
        rows: From `read_arx`; `line` 0 where a rule made them.
        values: The distinct values of the data as text, null as the empty text.
        column: The column's name.
        file: The file's name, or the rule's, for the errors.

    Raises:
        HierarchyError: At least one fault.
    """
    present = list(dict.fromkeys(values))
    if faults := list(find_faults(rows, column=column, file=file)):
        raise HierarchyError(faults)
    complete = with_blank([row.labels for row in rows], blank=BLANK in present)
    if faults := list(find_uncovered(complete, present, column=column, file=file)):
        raise HierarchyError(faults)
    return hierarchy_of_rows(column, complete)


def with_blank(rows: Sequence[Sequence[str]], *, blank: bool) -> list[Sequence[str]]:
    """Add the row of the blank value when it is wanted and not there."""
    if not blank or any(row[0] == BLANK for row in rows):
        return list(rows)
    tops = {row[-1] for row in rows}
    height = len(rows[0]) - 1
    top = tops.pop() if len(tops) == 1 and height else BLANK_LABEL
    added = (BLANK, *[BLANK_LABEL] * (height - 1), top) if height else (BLANK,)
    return [*rows, added]


def find_faults(rows: Sequence[Row], *, column: str, file: str) -> Iterator[Fault]:
    """Find what is wrong with the rows themselves, in the order of the file."""
    if not rows:
        yield Fault(
            "empty",
            "階層ファイルに1行もありません",
            _where(file, 0, column),
            "値ごとに1行、「値;1段目;2段目;…;*」と書いてください。",
        )
        return
    shapes = [*_find_lengths(rows, column, file), *_find_blanks(rows, column, file)]
    yield from shapes
    yield from _find_duplicates(rows, column, file)
    if not shapes:
        yield from _find_contradictions(rows, column, file)
        yield from _find_stars(rows, column, file)


def find_uncovered(
    rows: Sequence[Sequence[str]], values: Sequence[str], *, column: str, file: str
) -> Iterator[Fault]:
    """Find the values of the data that have no row; one fault names them."""
    known = {row[0] for row in rows}
    missing = sorted(value for value in values if value not in known)
    if SUPPRESSED in values:
        yield Fault(
            "star",
            f"データに、秘匿の印と同じ値「{SUPPRESSED}」があります",
            f"列「{column}」",
            "加工前のデータを入力にするか、その値を別の語(例 不詳)に置き換えてください。",
        )
    missing = [value for value in missing if value != SUPPRESSED]
    if missing:
        near = _near(missing[0], known)
        hint = f"「{missing[0]}」は「{near}」の書き方違いではありませんか。" if near else ""
        if all(len(row) == 1 for row in rows) and any("," in row[0] for row in rows):
            hint = "段の区切りが「,」になっていませんか(「;」で区切ります)。"
        yield Fault(
            "coverage",
            f"データにある値が階層にありません: {name_values(missing)}",
            f"{file}(列「{column}」、レベル0)",
            f"{hint}階層ファイルに「{missing[0]};…」の行を足すか、データの値を直してください。",
        )


def _find_lengths(rows: Sequence[Row], column: str, file: str) -> Iterator[Fault]:
    """The first row sets the number of levels."""
    expected = len(rows[0].labels)
    for row in rows[1:]:
        if len(row.labels) != expected:
            yield Fault(
                "length",
                f"段の数がそろっていません: 値「{row.labels[0]}」は {len(row.labels)} 段、"
                f"1行目は {expected} 段",
                _where(file, row.line, column, min(len(row.labels), expected)),
                "どの値にも同じ数の段を書いてください。区切りは「;」です。",
            )


def _find_blanks(rows: Sequence[Row], column: str, file: str) -> Iterator[Fault]:
    """A blank at level 0 is the blank value; a label that is blank says nothing."""
    for row in rows:
        for level, label in enumerate(row.labels[1:], start=1):
            if not label.strip():
                yield Fault(
                    "blank",
                    f"値「{row.labels[0]}」のラベルが空です",
                    _where(file, row.line, column, level),
                    "その段のラベルを書いてください(前の段のままなら同じラベルを書きます)。",
                )


def _find_duplicates(rows: Sequence[Row], column: str, file: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        value = row.labels[0]
        if value in first:
            yield Fault(
                "duplicate",
                f"値「{value}」が2回あります({first[value]}行目と{row.line}行目)",
                _where(file, row.line, column, 0),
                "どちらかの行を消してください。",
            )
        first.setdefault(value, row.line)


def _find_contradictions(rows: Sequence[Row], column: str, file: str) -> Iterator[Fault]:
    """Compare each label's parent with the parent of its first row; one fault a label."""
    for level in range(1, len(rows[0].labels) - 1):
        parents: dict[str, Row] = {}
        told: set[str] = set()
        for row in rows:
            label, parent = row.labels[level], row.labels[level + 1]
            first = parents.setdefault(label, row)
            if first.labels[level + 1] != parent and label not in told:
                told.add(label)
                yield Fault(
                    "monotone",
                    f"同じラベル「{label}」の上の段が食い違っています: "
                    f"値「{first.labels[0]}」({_line(first)})は「{first.labels[level + 1]}」、"
                    f"値「{row.labels[0]}」は「{parent}」",
                    _where(file, row.line, column, level + 1),
                    "同じラベルの値は、上の段もすべて同じラベルにしてください。"
                    "別のものなら、下の段のラベルの名前を分けてください。",
                )


def _find_stars(rows: Sequence[Row], column: str, file: str) -> Iterator[Fault]:
    """`*` as a value could not be told from a suppressed one."""
    for row in rows:
        if row.labels[0] == SUPPRESSED:
            what, level = f"値として「{SUPPRESSED}」は使えません(秘匿の印です)", 0
            remedy = "データの値を別の語(例 不詳)に置き換えてください。"
            yield Fault("star", what, _where(file, row.line, column, level), remedy)


def _where(file: str, line: int, column: str, level: int | None = None) -> str:
    place = f"{file} {line}行目" if line else file
    step = "" if level is None else f"、レベル{level}"
    return f"{place}(列「{column}」{step})"


def _line(row: Row) -> str:
    return f"{row.line}行目" if row.line else "規則"


def _near(value: str, known: set[str]) -> str | None:
    """Find the same value in another spelling, or the nearest one."""
    folded = {_fold(name): name for name in known if name}
    if _fold(value) in folded:
        return folded[_fold(value)]
    found = difflib.get_close_matches(value, sorted(known - {BLANK}), n=1, cutoff=0.75)
    return found[0] if found else None


def _fold(value: str) -> str:
    import unicodedata  # noqa: PLC0415 - only on the way to an error

    text = unicodedata.normalize("NFKC", value).strip().casefold()
    return text.removesuffix(".0").lstrip("0")
