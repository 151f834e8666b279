"""`machikane normalize` as other programs call it: bytes in, bytes out."""

import csv
import io
import subprocess
import sys

import pytest

from transforms.kinds import KINDS

DATE = "input,value,verdict,rule,earliest,latest"
HEADERS = {
    "date": DATE,
    "address": (
        "input,value,verdict,rule,pref,city,town,block,number,building,level,reason,"
        "room,postal_code,lat,lon,town_id"
    ),
    "phone": "input,value,verdict,rule,extension",
    "number": "input,value,verdict,rule,unit",
    **dict.fromkeys(
        ("code", "name", "name-key", "kana", "text", "header"), "input,value,verdict,rule"
    ),
}
# One value of each kind, its context, and what must come out.
VALUES = {
    "date": ("令和5年2月1日", "", "2023-02-01", "ok"),
    "address": ("豊中市中桜塚3-1-1", "", "大阪府豊中市中桜塚三丁目1-1", "ok"),
    "phone": ("０６－６８５８－２５２５", "", "(06)6858-2525", "ok"),
    "number": ("△1,234", "", "-1234", "ok"),
    "code": ("27203", "kind=lg", "272035", "repaired"),
    "name": ("髙﨑　真", "", "髙﨑　真", "ok"),
    "name-key": ("髙﨑　真", "", "高崎真", "ok"),
    "kana": ("ﾄﾖﾅｶ", "", "トヨナカ", "ok"),
    "text": ("①号室", "", "①号室", "ok"),
    "header": ("電話 番号", "", "電話番号", "ok"),
}
ODD = [
    "",
    " ",
    "007",
    ' "x" ',
    "a,b",
    "a\nb",
    "a\r\nb",
    "\r",
    "\t",
    "\u3000豊中\u3000",
    "'=1+1",
    "葛󠄀",
    "\x00",
    "\ufeff",
]
MEGABYTE = 1024


def normalize(*arguments, text="", encoding="utf-8"):
    command = [sys.executable, "-m", "pipelines.cli", "normalize", *arguments]
    return subprocess.run(command, input=text.encode(encoding), capture_output=True, check=False)


def write(rows):
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(rows)
    return sink.getvalue()


def read(done):
    assert done.returncode == 0, done.stderr.decode()
    return list(csv.DictReader(io.StringIO(done.stdout.decode(), newline=""), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_writes_its_columns_and_its_value(kind):
    text, context, value, verdict = VALUES[kind]
    odd = [(word, context) for word in ODD]
    done = normalize(kind, text=write([("input", "context"), (text, context), *odd]))
    rows = read(done)
    assert done.stdout.decode().split("\n", 1)[0] == HEADERS[kind]
    assert [row["input"] for row in rows] == [text, *ODD]
    assert (rows[0]["value"], rows[0]["verdict"]) == (value, verdict)
    assert [rows[1][name] for name in ("value", "verdict", "rule")] == ["", "ok", "blank"]
    assert all(row["value"] == "" for row in rows if row["verdict"] == "refused")


def test_each_row_has_its_own_context_and_other_columns_are_passed_over():
    head = ("id", "context", "氏名", "input")
    rows = [
        (1, "era=令和", "山田", "5.2.1"),
        (2, "", "山田", "5.2.1"),
        (3, "era=平成", "山田", "5.2.1"),
    ]
    answer = read(normalize("date", text=write([head, *rows])))
    assert [(row["value"], row["verdict"]) for row in answer] == [
        ("2023-02-01", "ok"),
        ("", "uncertain"),
        ("1993-02-01", "ok"),
    ]


def test_file_standard_input_and_hyphen_are_the_same(tmp_path):
    text = write([("input",), ("令和5年2月1日",)])
    file = tmp_path / "値.csv"
    file.write_bytes(text.encode("utf-8-sig"))
    answers = {
        normalize("date", text=text).stdout,
        normalize("date", "-", text=text).stdout,
        normalize("date", "-", text=text, encoding="utf-8-sig").stdout,
        normalize("date", str(file), "--strict").stdout,
    }
    assert answers == {
        f"{DATE}\n令和5年2月1日,2023-02-01,ok,date.wareki,2023-02-01,2023-02-01\n".encode()
    }


def test_strict_refuses_what_lenient_mends():
    text = write([("input",), ("昭和64年1月8日",)])
    (strict,) = read(normalize("date", text=text))
    (lenient,) = read(normalize("date", "--lenient", text=text))
    assert (strict["value"], strict["verdict"]) == ("", "refused")
    assert (lenient["value"], lenient["verdict"]) == ("1989-01-08", "repaired")
    assert strict["rule"] != lenient["rule"]


def test_another_city_can_be_named():
    text = write([("input",), ("中桜塚3-1-1",)])
    (here,) = read(normalize("address", text=text))
    (other,) = read(normalize("address", "--city", "272078", text=text))
    assert here["town"] == "中桜塚三丁目"
    assert (other["town"], other["value"]) == ("", "")


def test_an_empty_line_is_an_empty_value_where_input_stands_alone():
    rows = read(normalize("text", text="input\n\nb\n\n"))
    assert [row["input"] for row in rows] == ["", "b", ""]
    assert [row["input"] for row in read(normalize("text", text="input,context\n\nb,\n\n"))] == [
        "b"
    ]


def test_a_file_without_rows_gives_the_head_alone():
    assert normalize("text", text="input\n").stdout == b"input,value,verdict,rule\n"


def test_what_no_function_reads_is_told_once_and_the_rows_run_all_the_same():
    rows = [("input", "context"), *[("令和5年2月1日", "ear=令和")] * 3, ("令和5年2月1日", "山田")]
    done = normalize("date", text=write(rows))
    assert [row["value"] for row in read(done)] == ["2023-02-01"] * 4
    said = done.stderr.decode()
    assert said.count("ear") == 1
    assert "山田" not in said


@pytest.mark.parametrize(
    ("arguments", "sent", "what"),
    [
        (["dates"], b"input\n", "知らない種類です: dates"),
        ([], b"input\n", "KIND"),
        (["date"], b"value\n1\n", "input の列がありません"),
        (["date"], b"", "input の列がありません"),
        (["date"], b"input,input\n1,2\n", "input の列が2つ以上"),
        (["date"], "input\n令和".encode("cp932"), "UTF-8"),
        (["date"], b'input\n"a\n', "引用符"),
        (["date"], b'input\n"a"b\n', "引用符"),
        (["date"], b"input\n1,234\n", "列の数"),
        (["date", "none.csv"], b"", "ファイルを開けません"),
        (["date", "."], b"", "ファイルを開けません"),
        (["address", "--city", "999999"], b"input\n", "999999"),
        (["address", "--city", "豊中"], b"input\n", "豊中"),
    ],
)
def test_what_cannot_be_read_is_said_in_three_lines(arguments, sent, what):
    command = [sys.executable, "-m", "pipelines.cli", "normalize", *arguments]
    done = subprocess.run(command, input=sent, capture_output=True, check=False)
    said = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert what in said[0]
    assert len(said) == 3
    assert said[1].startswith("  場所: ")
    assert said[2].startswith("  直し方: ")


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(rows):
        file = tmp_path / f"{rows}.csv"
        file.write_text("input\n" + "令和5年2月1日\n" * rows, "utf-8")
        with (tmp_path / "out.csv").open("wb") as out:
            code = (
                "import resource, sys; from pipelines.cli import main\n"
                f"sys.argv = ['machikane', 'normalize', 'text', {str(file)!r}]\n"
                "try: main()\n"
                "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
            )
            done = subprocess.run(
                [sys.executable, "-c", code], stdout=out, stderr=subprocess.PIPE, check=True
            )
        with (tmp_path / "out.csv").open(encoding="utf-8") as out:
            assert sum(1 for _ in out) == rows + 1
        return int(done.stderr) / MEGABYTE

    assert peak(1_000_000) < peak(200_000) + 60
