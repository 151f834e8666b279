"""Files of several years held against each other."""

import pytest

from tests.unit.warehouse.small_city import ParsingHere
from warehouse.readability.score import score_file
from warehouse.readability.series import compare_years

ROWS = "\n".join(f"A{n},町{n},{n}" for n in range(5))


@pytest.fixture
def judge(tmp_path):
    def run(*files):
        cards = []
        for name, head in files:
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{head}\n{ROWS}\n", "utf-8")
            cards.append(score_file(path, ParsingHere()))
        judged = [
            next(j for j in card.judgements if j.rule.id == "L3-07")
            for card in compare_years(cards)
        ]
        return [judgement.verdict for judgement in judged], judged

    return run


HEAD = "コード,町名,人口(人)"


@pytest.mark.parametrize(
    ("names", "head", "verdict"),
    [
        (("人口_2024.csv", "人口_2025.csv"), HEAD, "合格"),
        (("人口_R6.csv", "人口_R7.csv"), HEAD, "合格"),
        (("v1/人口.csv", "v2/人口.csv"), HEAD, "合格"),
        (("人口_令和6年.csv", "人口_令和7年.csv"), "コード,町名,世帯数", "不合格"),
        (("人口_2024.csv", "人口_2025.csv"), "町名,コード,人口(人)", "不合格"),
        (("0002.csv", "0013.csv"), HEAD, "人が確かめる"),
        (("contacts1.csv", "contacts2.csv"), HEAD, "人が確かめる"),
    ],
)
def test_only_files_of_one_dataset_are_compared(judge, names, head, verdict):
    verdicts, judged = judge((names[0], HEAD), (names[1], head))
    assert verdicts == ["人が確かめる", verdict]
    assert bool(judged[1].places) == (verdict == "不合格")
