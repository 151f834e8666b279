"""Where the header stands, which rows are values, and what the columns are called."""

import pytest

from assets.contract import Layout
from tests.unit.warehouse.tables.sheets import sheet
from warehouse.readers.grid import Span
from warehouse.readers.headers import header_paths
from warehouse.tables.find import find_tables
from warehouse.tables.roles import sheet_roles
from warehouse.tables.take import take_table

NEWLINE = "\n"
PLAIN = """
名称|住所|電話番号|緯度|経度
中央公民館|本町1-1|06-1111-2222|34.78|135.47
東保育所|栄町2-5|06-1111-3333|34.79|135.46
西公園|緑町3|06-1111-4444|34.77|135.45
"""
TITLED = """
第1表　町別人口と世帯数
||||（単位：人）
町名|世帯数|人口||
||男|女|計
本町|120|150|160|310
栄町|80|90|100|190
緑町|-|5|6|11
注) 「-」は皆無
"""
# class of sheet → (cells, header rows, unit row, first and last row of values)
SHEETS = {
    "one plain row": (PLAIN, (1, 1), None, (2, 4)),
    "titles, a unit beside and two header rows": (TITLED, (3, 4), None, (5, 7)),
    "a date row above the header": (
        "2024-04-01 00:00:00|時点\n番号|年代|性別|居住地\n1|40|女性|本町\n2|50|男性|栄町\n3|40|女性|本町",
        (2, 2), None, (3, 5),
    ),
    "metadata around a row of keys": (
        ("#LINK||\n#lang|ja|\n#license|CC BY|\n#property|name|capacity\n#object_type|string|string\n"
        "1|本町公民館|40\n2|栄町公民館|60"),
        (4, 4), None, (6, 7),
    ),
    "no header: dates and records": (
        '2022-10-27 10:00:00|{"a": 1}\n2022-10-26 09:00:00|{"a": 2}\n2022-10-25 08:00:00|{"a": 3}',
        None, None, (1, 3),
    ),
    "no header: postal codes": (
        ("01101|060  |0600000|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼ|北海道|札幌市|0\n01101|064  |0640941|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼ|北海道|札幌市|0\n"
        "01101|060  |0600041|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼ|北海道|札幌市|0\n01101|060  |0600042|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼ|北海道|札幌市|1"),
        None, None, (1, 4),
    ),
    "years over numbers": (
        "地域|2015|2016|2017\n本町|310|320|315\n栄町|190|180|170\n緑町|2001|1999|1998", (1, 1), None, (2, 4),
    ),
    "years by sex in two rows": (
        "地域|男|||女||\n|2015|2016|2017|2015|2016|2017\n本町|310|320|315|1|2|3\n栄町|190|180|170|4|5|6",
        (1, 2), None, (3, 4),
    ),
    "months as numbers": (
        "年度|1|2|3|4|5|6\n令和4年度|31|32|31|30|29|28\n令和5年度|11|12|11|10|9|8", (1, 1), None, (2, 3),
    ),
    "a unit row": (
        "町名|人口|面積|率\n|人|㎡|％\n本町|310|1200|1.2\n栄町|190|900|0.8", (1, 1), 2, (3, 4),
    ),
    "units and names in one row": (
        "||人口|世帯数\n団体コード|市区町村名|人|世帯\n272035|豊中市|401558|176967\n272043|池田市|104993|48611",
        (1, 2), None, (3, 4),
    ),
    "column numbers belong to the band": (
        "区分|決算額|構成比|増減額\n(1)|(2)|(3)|(4)\n地方税|67089|27.8|125\n地方債|35473|14.7|-89",
        (1, 2), None, (3, 4),
    ),
    "a second row in English": (
        "国籍|総数|男|女\nNationality|Total|Male|Female\n韓国|31|15|16\n中国|22|12|10", (1, 2), None, (3, 4),
    ),
    "blank columns and rows lead": (
        "||||\n||施設の状況||\n||||\n||施設名|定員|設置年\n||本町保育所|60|1975\n||栄町保育所|90|1981",
        (4, 4), None, (5, 6),
    ),
    "words only": (
        "品目|分別区分|備考\nアイロン|破砕ごみ|\n空き缶|資源ごみ|洗って出す\n衣類|資源ごみ|\n電池|有害ごみ|袋に入れる",
        (1, 1), None, (2, 5),
    ),
    "words only, without usual names": (
        "きょうの献立|主な材料\nカレー|じゃがいも\nうどん|小麦粉\nカレー|にんじん\nうどん|ねぎ",
        (1, 1), None, (2, 5),
    ),
    "keys with numbers over numbers": (
        "man1|woman1|man2|woman2\n12|13|4|5\n22|3|14|15\n2|33|24|35", (1, 1), None, (2, 4),
    ),
    "keys in English": (
        "id|name|type\nA001|本町公民館|公立\nA002|栄町公民館|公立\nA003|緑町会館|私立", (1, 1), None, (2, 4),
    ),
    "a list of one column": ("町名\n青葉町\n泉町\n旭町", (1, 1), None, (2, 4)),
    "one row of values": ("名称|住所|定員\n本町公民館|本町1-1|40", (1, 1), None, (2, 2)),
    "a header and nothing else": ("全国地方公共団体コード|施設名称|所在地|許可番号|許可年月日", (1, 1), None, None),
    "first values are marks": (
        "町名|転入|転出\n本町|-|***\n栄町|3|***\n緑町|12|4\n旭町|7|9", (1, 1), None, (2, 5),
    ),
    "notes above the header": (
        ("国勢調査　基本集計\n第1-1表　男女別人口\n\n1) 「増減率」は5年前との比である。\n2) 面積は参考値である。\n"
        "地域|人口|増減率|面積\n本町|310|1.2|3.4\n栄町|190|-0.5|2.8\n緑町|11|0.0|0.7"),
        (6, 6), None, (7, 9),
    ),
    "a gap after the header": (
        "目次\n\n都道府県名|ページ\n\n北海道|2\n\n青森県|3\n\n岩手県|4\n\n宮城県|5", (3, 3), None, (5, 11),
    ),
}  # fmt: skip


# Sheets made to mislead: class → (cells, header rows, first row of values).
MISLEADING = {
    "a form above, then a gap": (
        """
担当課|企画課||
電話|087-111-2222||
|
No|施設名|定員|住所
1|本町園|60|本町1
2|栄町園|90|栄町2
""",
        (4, 4), 5,
    ),
    "a form right above": (
        """
担当課|企画課||
電話|087-111-2222||
No|施設名|定員|住所
1|本町園|60|本町1
2|栄町園|90|栄町2
""",
        (3, 3), 4,
    ),
    "an era written once": (
        """
年次|世帯数|人口||
||総数|男|女
昭和50年|100|300|150|150
55|110|310|155|155
60|120|320|160|160
平成2年|130|330|165|165
7|140|340|170|170
令和2年|150|350|175|175
""",
        (1, 2), 3,
    ),
    "units and column numbers in the band": (
        """
区分|A|||
|甲||乙|
|子|丑|寅|卯
|千円|千円|人|人
|(1)|(2)|(3)|(4)
本町|11|2|3|4
栄町|5|6|7|8
""",
        (1, 5), 6,
    ),
    "a unit line under the title": (
        """
令和5年度　市税の収入状況
（単位：円、％）
税目|調定額|収入額|収入率
市民税|232797|231002|99.2
固定資産税|238455|236452|99.1
合計|471252|467454|99.2
""",
        (3, 3), 4,
    ),
    "meetings in words": (
        """
会議名|開催場所|議題
第一回審議会|市役所本庁舎|計画案について
第二回審議会|市民会館|答申案について
""",
        (1, 1), 2,
    ),
    "a corner without a name": (
        """
|男|女
本町|1|2
栄町|3|4
""",
        (1, 1), 2,
    ),
    "codes over names": (
        """
A1101|A1102|A1103
総人口|男|女
100|50|50
200|90|110
300|140|160
""",
        (1, 2), 3,
    ),
    "dates over numbers": (
        """
施設|2024-04-01|2024-05-01|2024-06-01
図書館|120|130|140
体育館|80|75|90
""",
        (1, 1), 2,
    ),
    "months by name": (
        """
区分|4月|5月|6月|計
図書館|120|130|140|390
体育館|80|75|90|245
""",
        (1, 1), 2,
    ),
    "age classes": (
        """
町名|0～4歳|5～9歳|10～14歳
本町|12|13|14
栄町|8|7|9
""",
        (1, 1), 2,
    ),
    "no header: facilities": (
        """
本町公民館|本町1-1|06-1111-2222
栄町公民館|栄町2-2|06-1111-3333
緑町会館|緑町3-3|06-1111-4444
""",
        None, 1,
    ),
    "no header: numbers only": (
        """
1|2|3
4|5|6
7|8|9
10|11|12
""",
        None, 1,
    ),
    "circles and crosses": (
        """
避難所名|洪水|地震|津波
本町小|○|○|×
栄町小|○|×|○
緑町小|△|○|○
""",
        (1, 1), 2,
    ),
    "a row that says what is required": (
        """
項目名|名称|住所|定員
必須|必須|任意|任意
1|本町園|本町1-1|60
2|栄町園|栄町2-2|90
""",
        (1, 2), 3,
    ),
    "a body that is mostly blank": (
        """
番号|氏名|備考|特記
1|||
2|||
3|||
""",
        (1, 1), 2,
    ),
    "a title in the middle": (
        """
|||令和5年度 人口動態|||
町名|出生|死亡|転入|転出|増減|備考
本町|1|2|3|4|-2|
栄町|5|6|7|8|-2|
""",
        (2, 2), 3,
    ),
    "a title and a date in one row": (
        """
第1表|||令和5年10月1日現在
町名|男|女|計
本町|1|2|3
栄町|4|5|9
""",
        (2, 2), 3,
    ),
    "units in brackets": (
        """
コード|市町村|人口|面積
||(人)|(k㎡)
37201|高松市|420748|375.4
37202|丸亀市|110010|111.8
""",
        (1, 1), 3,
    ),
    "records in JSON": (
        """
id|payload
1|{"a":1}
2|{"b":2}
""",
        (1, 1), 2,
    ),
    "fiscal years": (
        """
年度|歳入|歳出
平成30年度|100|90
令和元年度|110|95
令和2年度|120|99
""",
        (1, 1), 2,
    ),
    "percentages as text": (
        """
区分|割合
賛成|52.1%
反対|47.9%
""",
        (1, 1), 2,
    ),
    "numbered footnotes": (
        """
区分|人数
男 1)|52
女 2)|47
1) 外国人を含む
2) 同上
""",
        (1, 1), 2,
    ),
    "a blank row under the header": (
        """
町名|人口|
|男|女
|||
本町|1|2
栄町|3|4
""",
        (1, 2), 4,
    ),
    "a last column without a name": (
        """
町名|男|女|
本町|1|2|要確認
栄町|3|4|
緑町|5|6|要確認
旭町|1|2|済
""",
        (1, 1), 2,
    ),
    "a pivot table": (
        """
合計 / 金額|列ラベル||
行ラベル|令和4年|令和5年|総計
図書費|100|120|220
光熱費|80|90|170
総計|180|210|390
""",
        (1, 2), 3,
    ),
    "the total first": (
        """
計|本町|栄町
30|10|20
60|25|35
""",
        (1, 1), 2,
    ),
    "first values are blank": (
        """
町名|補助額|件数
本町||
栄町||
緑町|100|2
旭町|200|3
泉町|300|4
""",
        (1, 1), 2,
    ),
    "questions over codes": (
        """
問1 性別|問2 年代|問3 満足度
1|3|5
2|4|4
1|2|3
""",
        (1, 1), 2,
    ),
    "numbered names": (
        """
避難所1|避難所2|避難所3
本町小学校|栄町小学校|緑町小学校
本町中学校|栄町中学校|緑町中学校
""",
        (1, 1), 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", MISLEADING)
def test_a_misleading_sheet_does_not_mislead(kind):
    text, header, values = MISLEADING[kind]
    found = [(t.header_rows, t.data_rows and t.data_rows[0]) for t in find_tables(sheet(text))]
    assert found == [(header, values)]


@pytest.mark.parametrize("kind", SHEETS)
def test_the_band_is_where_a_reader_sees_it(kind):
    text, header, unit, values = SHEETS[kind]
    tables = find_tables(sheet(text))
    found = [(t.header_rows, t.unit_row, t.data_rows) for t in tables]
    assert found == [(header, unit, values)]


@pytest.mark.parametrize("kind", SHEETS)
@pytest.mark.parametrize("titles", [1, 3])
def test_titles_above_move_the_band_and_nothing_else(kind, titles):
    text, header, unit, values = SHEETS[kind]
    above = "".join(f"令和{n + 1}年度　市の概況（その{n}）\n" for n in range(titles))
    [table] = find_tables(sheet(f"{above}\n{text.strip(NEWLINE)}"))
    down = titles + 1
    assert table.header_rows == (header and (header[0] + down, header[1] + down))
    assert table.unit_row == (unit and unit + down)
    assert table.data_rows == (values and (values[0] + down, values[1] + down))


@pytest.mark.parametrize("kind", SHEETS)
def test_a_contract_with_these_header_rows_sees_the_same_names(kind):
    grid = sheet(SHEETS[kind][0])
    [table] = find_tables(grid)
    if table.header_rows is None:
        assert [column.name for column in table.columns] == [*"ABCDEFGH"][: len(table.columns)]
        return
    paths = header_paths(grid, Layout(header_rows=table.header_rows))
    assert {c.number: c.name for c in table.columns} == paths


@pytest.mark.parametrize("kind", SHEETS)
def test_every_record_has_one_role_and_no_value_is_lost(kind):
    grid = sheet(SHEETS[kind][0])
    tables = find_tables(grid)
    roles = sheet_roles(grid, tables)
    assert roles["_row"].to_list() == grid.cells["_row"].to_list()
    data = roles.filter(roles["role"] == "data")["_row"].to_list()
    taken = take_table(grid, tables[0])
    assert taken["_row"].to_list() == data
    cells = grid.cells.filter(grid.cells["_row"].is_in(data))
    for name, column in zip(taken.columns[1:], tables[0].columns, strict=True):
        assert taken[name].to_list() == cells[f"c{column.number}"].to_list()


def test_merged_header_cells_bind_the_band_together():
    grid = sheet(
        "入所状況\n施設名|入所児童数|||\n|3歳未満||3歳以上|計\n|0歳児|1・2歳児||\n本町|1|2|3|6\n栄町|2|3|4|9",
        merges=(Span(2, 4, 1, 1), Span(2, 2, 2, 5), Span(3, 3, 2, 3), Span(3, 4, 4, 4), Span(3, 4, 5, 5)),
    )  # fmt: skip
    [table] = find_tables(grid)
    assert table.header_rows == (2, 4)
    assert [c.name for c in table.columns] == [
        "施設名",
        "入所児童数/3歳未満/0歳児",
        "入所児童数/3歳未満/1・2歳児",
        "入所児童数/3歳以上",
        "入所児童数/計",
    ]


def test_a_title_merged_over_the_whole_width_is_no_header():
    grid = sheet("町別の人口|||\n町名|男|女|計\n本町|1|2|3\n栄町|4|5|9", merges=(Span(1, 1, 1, 4),))
    [table] = find_tables(grid)
    assert table.header_rows == (2, 2)
    assert [(note.text, note.kind, note.cell) for note in table.notes] == [
        ("町別の人口", "title", "A1")
    ]


def test_a_row_that_repeats_the_header_is_not_a_value():
    grid = sheet("町名|男|女\n本町|1|2\n栄町|3|4\n町名|男|女\n緑町|5|6\n旭町|7|8")
    [table] = find_tables(grid)
    assert table.roles["role"].to_list() == ["header", "data", "data", "header", "data", "data"]
    assert take_table(grid, table)["町名"].to_list() == ["本町", "栄町", "緑町", "旭町"]


def test_tables_under_one_another_are_told_apart():
    grid = sheet(
        "（1）入退院の状況\n行ラベル|件数\n退院|54\n入院中|5\n総計|59\n\n\n（2）施設\n名称|定員|住所\n本町園|60|本町1\n栄町園|90|栄町2"
    )
    first, second = find_tables(grid)
    assert (first.header_rows, first.data_rows) == ((2, 2), (3, 5))
    assert (second.header_rows, second.data_rows) == ((9, 9), (10, 11))
    assert sheet_roles(grid, (first, second))["role"].to_list() == [
        "title", "header", "data", "data", "total", "blank", "blank", "title", "header", "data", "data",
    ]  # fmt: skip


def test_tables_side_by_side_are_told_apart():
    grid = sheet(
        "町名|人口||施設名|定員\n本町|310||本町園|60\n栄町|190||栄町園|90\n緑町|11||緑町園|45"
    )
    left, right = find_tables(grid)
    assert [c.name for c in left.columns] == ["町名", "人口"]
    assert [c.name for c in right.columns] == ["施設名", "定員"]
    assert (right.first_column, right.last_column) == (4, 5)


def test_a_blank_column_inside_a_table_does_not_cut_it():
    [table] = find_tables(sheet("町名||男|女\n本町||1|2\n栄町||3|4\n緑町||5|6"))
    assert [c.number for c in table.columns] == [1, 3, 4]


def test_remarks_in_far_columns_are_notes_not_a_column():
    grid = sheet(
        "番号|年代|性別||\n1|40|女性||※その他は管外の事例です\n2|50|男性||\n3|40|女性||入院中を含みます\n4|30|男性||\n"
        "5|20|男性||\n6|20|男性||"
    )
    [table] = find_tables(grid)
    assert [c.name for c in table.columns] == ["番号", "年代", "性別"]
    assert [(n.cell, n.kind) for n in table.notes] == [("E2", "note"), ("E4", "note")]
    assert take_table(grid, table).height == 6


def test_rows_of_a_template_stay():
    grid = sheet("#property|名称|定員\n1|本町園|60\n2||\n3||")
    [table] = find_tables(grid)
    assert take_table(grid, table)["#property"].to_list() == ["1", "2", "3"]


def test_group_rows_name_the_rows_under_them():
    grid = sheet(
        "町名|男|女\n北部||\n本町|1|2\n栄町|3|4\n南部||\n緑町|5|6\n旭町|7|8\n泉町|1|1\n元町|2|1"
    )
    [table] = find_tables(grid)
    assert table.roles["role"].to_list().count("group") == 2
    assert table.row_groups == {3: "北部", 4: "北部", 6: "南部", 7: "南部", 8: "南部", 9: "南部"}


def test_numbers_of_records_may_jump():
    grid = sheet("町名|男|女\n本町|1|2\n栄町|3|4\n緑町|5|6")
    far = grid.cells.with_columns(_row=grid.cells["_row"].replace({4: 900_000}))
    [table] = find_tables(type(grid)(far))
    assert table.data_rows == (2, 900_000)
    assert take_table(type(grid)(far), table)["_row"].to_list() == [2, 3, 900_000]


def test_nothing_is_found_on_an_empty_sheet():
    grid = sheet("||\n||")
    assert find_tables(grid) == ()
    assert sheet_roles(grid, ())["role"].to_list() == ["blank", "blank"]


def test_prose_is_no_table():
    line = "この資料は市の統計をわかりやすくまとめたもので、毎年度の初めに改めます。"
    grid = sheet(f"はじめに\n{line}\n{line}二\n\n◆目的\n{line}三\n{line}四")
    assert find_tables(grid) == ()
    assert set(sheet_roles(grid, ())["role"].to_list()) == {"note", "blank"}
