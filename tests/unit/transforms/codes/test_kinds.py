import polars as pl

from transforms.codes.kinds import KINDS, WORDS, code_of_kind

MIXED = [
    ("27203", "lg", "272035", "repaired"),
    ("7000012050002", "法人番号", "7000012050002", "ok"),
    ("1234-5678-9018", "個人番号", None, "refused"),
    ("0000123455", "ＲＥＳＩＤＥＮＴ_ID", "0000123455", "ok"),
    ("〒560-0001", "郵便番号", "5600001", "ok"),
    ("有", "有無", "true", "ok"),
    ("1", "circle_cross", None, "refused"),
    ("", "circle_blank", "false", "ok"),
    ("27203", "団体コード", "272035", "repaired"),
    (None, "lg", None, "ok"),
    ("272035", None, None, "refused"),
    ("272035", "city", None, "refused"),
]


def judge(rows):
    frame = pl.DataFrame(rows, schema={"text": pl.String, "kind": pl.String}, orient="row")
    judged = frame.lazy().select(code_of_kind(pl.col("text"), pl.col("kind")))
    return judged.collect(engine="streaming")["text"].to_list()


def test_every_text_is_judged_by_its_own_kind_in_place():
    judged = judge([row[:2] for row in MIXED])
    assert [(row["value"], row["verdict"]) for row in judged] == [row[2:] for row in MIXED]


def test_an_empty_column_works():
    assert judge([]) == []


def test_a_missing_or_unknown_kind_is_named():
    assert {row["rule"] for row in judge([("1", None), ("1", "x"), ("1", "")])} == {
        "code.kind_unknown"
    }


def test_every_word_means_a_kind():
    assert set(WORDS.values()) <= set(KINDS)
