"""From file to file: what comes out holds what was asked, and the rest is as it was."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.faults import HierarchyError
from tests.unit.warehouse.anonymising.tables import POLICY, persons, read, run, write_case
from warehouse.anonymising import remeasured
from warehouse.anonymising import run as running
from warehouse.anonymising.publish import Published
from warehouse.refusal import Refusal

ALL_MODELS = """
  - {k: 5}
  - {k_map: 12, population: population.csv}
  - {l_distinct: 2, on: care}
  - {l_entropy: 1.2, on: care}
  - {l_recursive: 2, c: 9, on: care}
  - {t: 0.5, on: care}
  - {t_ordered: 0.5, order: [none, a, b], on: care}
  - {alpha: 0.9, k: 6, on: care}
  - {beta: 5, on: care}
  - {delta: 3, on: care}
"""


def with_models(models):
    return POLICY.replace("models: [{k: 5}]", f"models:{models}")


def test_rows_and_untouched_columns_stay_as_they_were(tmp_path):
    write_case(tmp_path)
    told = run(tmp_path)
    before, after = read(tmp_path / "in.csv"), read(tmp_path / "out.csv")
    assert after.columns == before.columns
    assert after.select("id", "care", "note").equals(before.select("id", "care", "note"))
    hidden = after.filter(pl.col("age") == "*", pl.col("sex") == "*")
    sizes = after.filter(pl.col("age") != "*").group_by("age", "sex").len()["len"]
    assert told == json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert told["feasible"]
    assert told["optimal_proven"]
    assert (told["suppressed_rows"], told["classes"]) == (hidden.height, len(sizes))
    assert told["min_class"] == sizes.to_numpy().min() >= 5
    assert hidden.height <= 0.1 * before.height
    assert told["risk"]["prosecutor_max"] == pytest.approx(1 / told["min_class"])
    assert set(told["utility"]) >= {"ncp", "entropy", "query_error"}
    assert told["loss"] == pytest.approx(told["utility"]["ncp"])
    assert told["columns"]["undeclared"] == ["id"]
    assert any("id" in warning for warning in told["warnings"])
    assert told["input"]["sha256"] != told["out"]["sha256"]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    write_case(tmp_path)
    told = [run(tmp_path)["out"]["sha256"] for _ in range(2)]
    assert told[0] == told[1]


def test_parquet_keeps_the_types_of_untouched_columns(tmp_path):
    frame = persons().with_columns(pl.col("age").cast(pl.Float64), number=pl.lit(7, pl.Int16))
    write_case(tmp_path, frame=frame, name="in.parquet")
    run(tmp_path, "in.parquet", "out.parquet")
    after = read(tmp_path / "out.parquet")
    assert after["number"].dtype == pl.Int16
    assert after.select("note", "number").equals(frame.select("note", "number"))
    write_case(tmp_path)
    run(tmp_path)
    assert after["age"].to_list() == read(tmp_path / "out.csv")["age"].to_list()


def test_persons_are_counted_and_their_column_never_comes_out(tmp_path):
    policy = f"{POLICY}person: id\nidentifiers: [note]\n".replace("insensitive: [note]\n", "")
    write_case(tmp_path, policy=policy)
    told = run(tmp_path)
    before, after = read(tmp_path / "in.csv"), read(tmp_path / "out.csv")
    assert after.columns == ["age", "sex", "care"]
    both = after.with_columns(before["id"]).filter(pl.col("age") != "*")
    counted = both.group_by("age", "sex").agg(pl.col("id").n_unique())["id"]
    assert told["min_class"] == counted.to_numpy().min() >= 5
    assert told["counted"] == "persons"


def test_a_model_that_even_the_whole_table_fails_is_named(tmp_path):
    models = "[{k: 5}, {alpha: 0.3, k: 5, on: care}, {t: 0.1, on: care}]"
    write_case(tmp_path, policy=POLICY.replace("[{k: 5}]", models) + "person: id\n")
    told = run(tmp_path)
    frame = persons()
    assert [model["holds"] for model in told["models"]] == [True, False, True]
    assert told["models"][0]["measured"] == frame["id"].n_unique()
    counts = frame.group_by("care").agg(pl.col("id").n_unique())["id"].to_numpy()
    assert told["models"][1]["measured"] == pytest.approx(counts.max() / frame["id"].n_unique())
    assert "alpha: 0.3" in told["relax"][0]


@pytest.mark.parametrize("person", ["person: id\n"])
def test_every_model_is_measured_alike_by_rows_and_by_counts(tmp_path, monkeypatch, person):
    write_case(tmp_path, policy=with_models(ALL_MODELS) + person)
    pl.concat([persons()] * 3).write_csv(tmp_path / "population.csv")
    by_rows = run(tmp_path)
    monkeypatch.setattr(remeasured, "WHOLE_ROWS", 150)
    by_counts = run(tmp_path)
    assert by_counts["utility"]["every_nth_row"] == 3
    assert by_rows["utility"]["every_nth_row"] == 1
    assert len(by_rows["models"]) == 10
    for one, other in zip(by_rows["models"], by_counts["models"], strict=True):
        assert one["holds"]
        assert other["holds"]
        assert one["measured"] == pytest.approx(other["measured"])


@settings(max_examples=8)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from("MF"), st.sampled_from("abc")),
        min_size=1,
        max_size=40,
    ),
    st.integers(2, 4),
    st.sampled_from(["", ", {l_distinct: 2, on: care}", ", {t: 0.3, on: care}"]),
)
def test_whatever_comes_out_satisfies_the_policy(tmp_path_factory, rows, k, model):
    folder = tmp_path_factory.mktemp("case")
    frame = pl.DataFrame(rows, schema=["age", "sex", "care"], orient="row")
    policy = POLICY.replace("[{k: 5}]", f"[{{k: {k}}}{model}]").replace("insensitive: [note]", "")
    write_case(folder, frame=frame, policy=policy)
    told = run(folder)
    assert (folder / "out.csv").exists() == told["feasible"]
    if not told["feasible"]:
        assert told["reason"]
        assert told["relax"]
        return
    after = read(folder / "out.csv")
    is_hidden = (pl.col("age") == "*") & (pl.col("sex") == "*")
    # At the very top `*` is the label of everybody: nothing is suppressed then.
    at_the_top = told["levels"] == {"age": 4, "sex": 1}
    kept = after if at_the_top else after.filter(~is_hidden)
    classes = kept.group_by("age", "sex").agg(pl.len(), pl.col("care").n_unique())
    assert after.height - kept.height <= told["suppressed_rows"] <= 0.1 * frame.height
    assert all(size >= k for size in classes["len"])
    assert "l_distinct" not in model or all(n >= 2 for n in classes["care"])
    assert told["min_class"] == classes["len"].to_numpy().min(initial=len(rows))


def test_nothing_is_written_when_nothing_satisfies_the_policy(tmp_path):
    write_case(tmp_path, policy=POLICY.replace("k: 5", "k: 5000"))
    (tmp_path / "out.csv").write_text("old", "utf-8")
    told = run(tmp_path)
    assert not told["feasible"]
    assert "{k: 5000}(表全体では 400)" in told["reason"]
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == told
    assert {path.name for path in tmp_path.iterdir()} == {
        *("in.csv", "policy.yaml", "sex.csv", "report.json"),
    }


def test_a_file_that_does_not_measure_up_is_not_put_in_place(tmp_path, monkeypatch):
    write_case(tmp_path)

    def bare(prepared, published):
        """Publish every group as its own values."""
        labels = tuple((*h.labels[0], "*") for h in prepared.hierarchies)
        codes = tuple(prepared.groups.codes.T)
        return original(prepared, Published(published.columns, labels, codes, published.suppressed))

    original = running.publish
    monkeypatch.setattr(running, "publish", bare)
    monkeypatch.setattr(
        remeasured, "_labels", lambda _: {h: tuple(LEAKED[h]) for h in ("age", "sex")}
    )
    with pytest.raises(Refusal, match="満たしていません"):
        run(tmp_path)
    assert not (tmp_path / "out.csv").exists()


LEAKED = {"age": [*map(str, range(100)), "*"], "sex": ["M", "F", "*"]}


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ("  age: {rule: age}", "  agee: {rule: age}", Refusal, "入力にない列です: agee"),
        ("[care]", "[cares]", Refusal, "「care」"),
        ("sex.csv", "sexx.csv", Refusal, "ファイルがありません: sexx.csv"),
        ("hierarchy: sex.csv", "rule: age", HierarchyError, "「F」、「M」"),
        ("[{k: 5}]", "[{k_map: 5, population: none.csv}]", Refusal, "母集団のファイル"),
    ],
)
def test_a_policy_that_does_not_fit_the_table_is_refused(tmp_path, old, new, error, told):
    write_case(tmp_path, policy=POLICY.replace(old, new))
    with pytest.raises(error, match=told):
        run(tmp_path)
    assert not (tmp_path / "report.json").exists()


def test_neither_input_nor_policy_nor_hierarchy_is_written_over(tmp_path):
    write_case(tmp_path)
    for name in ("in.csv", "sex.csv", "report.json"):
        with pytest.raises(Refusal, match="同じ名前"):
            run(tmp_path, out=name if name.endswith(".csv") else "report.json.csv/../in.csv")
    before = (tmp_path / "policy.yaml").read_bytes()
    with pytest.raises(Refusal, match="同じ名前"):
        running.anonymise(
            *(tmp_path / name for name in ("in.csv", "policy.yaml", "out.csv", "policy.yaml"))
        )
    assert (tmp_path / "policy.yaml").read_bytes() == before


def test_a_blank_stays_blank_or_is_called_so(tmp_path):
    frame = persons().with_columns(age=pl.when(pl.int_range(pl.len()) % 4 > 0).then("age"))
    write_case(tmp_path, frame=frame)
    told = run(tmp_path)
    blanks = read(tmp_path / "out.csv").filter(frame["age"].is_null())["age"]
    assert set(blanks) == ({"空欄"} if told["levels"]["age"] else {None})
    assert any("空欄のある列: age" in warning for warning in told["warnings"])


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_of_no_row_or_one(tmp_path, rows):
    write_case(tmp_path, frame=persons().head(rows))
    told = run(tmp_path)
    assert told["feasible"] == (rows == 0)
    assert told["input"]["rows"] == rows
