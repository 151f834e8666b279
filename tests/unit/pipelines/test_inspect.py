"""The one page of `machikane inspect`, as a clerk sees it, and its JSON."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from pipelines.commands.inspect import TYPES, print_diagnosis, print_page
from transforms.catalogue import TRANSFORMS
from warehouse.diagnosis.diagnose import diagnose

FILE = """\
番号,氏名,生年月日,希望する園,利用料
001,山田　太郎,H30.4.2,①さくら保育園,"12,000円"
002,鈴木　花子,R1.11.3,ふじ保育園,***
003,佐藤　次郎,R2.5.6,ふじ保育園,"8,000円"
"""
PAGE = """\
診断: 入園申込_202604.csv
種類: CSV(カンマ区切りの文字)  文字コード: cp932(UTF-8 ではなく、cp932 として1字も欠けずに読めました。)

A1:E4  見出し 1行目  データ 2〜4行目(3 行)  5 列
列  項目名      単位  型    例                        個人情報の疑い
A   番号              番号  ●●●、●●●、●●●
B   氏名              氏名  山● ●●、鈴● ●●、佐● ●●    氏名
C   生年月日          日付  ●●●.●.●、●●.●●.●、●●.●.●  生年月日
D   希望する園        文字  ①●●●●●●、ふ●●●●
E   利用料      円    整数  ●●,●●●●、***、●,●●●●
  行を1つに決める列(キーの候補): 番号 または 生年月日

気づいたことと、元のファイルで直すこと(致命的 1・重い 1・中くらい 2・お知らせ 2)
致命的 L2-01 数値データは数値属性とし、文字列を含まないこと
    数値の列に、数字だけでないセルがあります(単位付き 2)。(E列「利用料」)
    → 数値の列には半角の数字だけを書き、単位・桁区切り・記号は項目名や説明に移してください。
重い L1-08 機種依存文字を使用していないか
    機種依存文字(①)があります。(D列)
    → 丸数字・ローマ数字・㈱・半角カナなどは、(1)、(株)、全角カナのように書き換えてください。氏名の文字は変えないでください。
中くらい L3-05 時間軸の表記が標準化されているか
    和暦だけで書かれた値が 3 セルあります。(C列「生年月日」)
    → 西暦(2026-04-01 の形)で書くか、西暦の列を足してください。
中くらい L3-03 数値データの同一列内に特殊記号（秘匿等）を使用する場合は、その定義を明記しているか
    数値の列に記号「***」があり、意味が書かれていません。(E列「利用料」)
    → 記号の意味(秘匿、該当なし、不詳など)を説明に書いてください。
お知らせ personal.suspected 個人情報の疑い
    B列(氏名)、C列(生年月日)
    → 要らない列は除いて提出してください。要る列は台帳で区分(個人・特定個人)を決めます。
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "入園申込_202604.csv"
    path.write_bytes(FILE.encode("cp932"))
    return path


def printed(path):
    out = io.StringIO()
    console = Console(file=out, width=120, highlight=False)
    print_page(console, diagnose(path, path.name))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_the_page(file):
    assert printed(file) == PAGE


def test_no_name_is_on_it(file):
    page = printed(file)
    assert [part for part in ("太郎", "鈴木", "花子", "次郎", "H30", "11.3") if part in page] == []


def test_a_refused_file_is_told_in_three_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"%PDF-1.7\n1 0 obj")
    page = printed(path)
    assert "種類: 読めないファイルです。" in page
    assert "致命的 kind.pdf" in page


def test_a_wide_file_keeps_to_its_page(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(
        ",".join(f"項目{n}" for n in range(80)) + "\n" + ",".join("1" * 80) + "\n", "utf-8"
    )
    page = printed(path)
    assert "ほか 54 列" in page
    assert len(page.splitlines()) < 60


def test_the_json_is_all_that_is_printed(file, capsys):
    print_diagnosis(Console(file=io.StringIO()), file, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert {"type", "encoding", "sheets", "findings"} <= said.keys()


def test_every_type_has_a_japanese_name():
    assert TYPES.keys() == {*TRANSFORMS, "empty"}
