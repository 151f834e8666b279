"""Regions by official names or with codes."""

import pytest

from tests.unit.warehouse.small_city import ParsingHere
from warehouse.readability.score import score_file


@pytest.mark.parametrize(
    ("head", "names", "verdict"),
    [
        ("市町村名", ["豊中", "吹田", "池田", "箕面"], "不合格"),
        ("都道府県", ["大阪", "兵庫", "京都", "奈良"], "不合格"),
        ("市町村名", ["豊中市", "吹田市", "池田市", "箕面市"], "合格"),
        ("地区名", ["上野", "桜塚", "曽根", "原田"], "合格"),
        (
            "団体コード,市町村名",
            ["272035,豊中", "272051,吹田", "272043,池田", "272205,箕面"],
            "合格",
        ),
        ("施設", ["豊中", "吹田", "池田", "箕面"], "対象外"),
    ],
)
def test_shortened_names_without_codes_are_told(tmp_path, head, names, verdict):
    path = tmp_path / "a.csv"
    rows = "\n".join(f"{name},{n * 10}" for n, name in enumerate(names, 1))
    path.write_text(f"{head},件数\n{rows}\n", "utf-8")
    card = score_file(path, ParsingHere())
    assert next(j for j in card.judgements if j.rule.id == "L3-06").verdict == verdict
