"""Statistics as offices lay them out, made at random, with the truth about each."""

import random
from dataclasses import dataclass, field

import polars as pl

from warehouse.readers.grid import ROW, Grid, Span

TOWNS = [
    "本町",
    "栄町",
    "中央",
    "東山",
    "西川",
    "南原",
    "北浜",
    "新田",
    "緑町",
    "旭町",
    "元町",
    "若葉",
    "桜木",
    "松原",
    "川口",
    "港町",
    "城山",
    "泉",
]
SUBJECTS = [
    "人口",
    "世帯数",
    "出生数",
    "転入",
    "就業者",
    "事業所数",
    "耕地面積",
    "農家数",
    "児童数",
    "学級数",
    "病床数",
    "歳入",
    "火災件数",
    "貸出冊数",
]
GROUPS = [
    "総人口",
    "日本人",
    "外国人",
    "公立",
    "私立",
    "令和5年",
    "令和6年",
    "一般会計",
    "特別会計",
    "国内",
    "国外",
]
PARTS = ["男", "女", "計", "うち男", "15歳未満", "65歳以上", "新規", "継続", "その他", "一般"]
TITLES = (
    "第{n}表 {s}の状況",
    "{s}一覧表",
    "令和{n}年度 {s}調べ",
    "{n}　{s}",
    "市の{s}（令和{n}年）",
    "■ {s}の推移",
)
UNITS = ("人", "（世帯）", "件", "(千円)", "ha", "（％）")
NOTES = (
    "注）端数処理の関係で合計が一致しないことがある",
    "資料：市民課",
    "※令和5年4月1日現在の数値",
    "（出典）国勢調査",
)
MARKS = ("-", "…", "x", None, "***")


@dataclass
class Made:
    """A sheet and where a reader would see its header and its first values."""

    grid: Grid
    header: tuple[int, int]
    unit: int | None
    values: int
    rows: list = field(default_factory=list)


def make_sheet(seed):
    """Lay out one table: titles, one to four header rows, perhaps units, a total and notes."""
    dice = random.Random(seed)  # noqa: S311 - no secrets
    margin, labels, columns = dice.choice([0, 0, 1, 2]), dice.choice([1, 1, 2]), dice.randint(2, 9)
    width, depth = margin + labels + columns, dice.choice([1, 1, 2, 2, 3, 4])
    first = margin + labels
    rows = [[None] * width for _ in range(dice.choice([0, 0, 1, 2]))]
    rows += [_line(width, margin, dice.choice(TITLES).format(n=dice.randint(1, 30), s=dice.choice(SUBJECTS)))
             for _ in range(dice.choice([0, 1, 1, 2, 3, 4]))]  # fmt: skip
    if dice.random() < 0.4:
        rows.append(_line(width, width - 1, dice.choice(["（単位：人）", "令和5年4月1日現在"])))
    top = len(rows) + 1
    band, merges = _band(dice, width, margin, first, depth=depth, top=top)
    rows += band
    unit = None
    if dice.random() < 0.3:
        rows.append([None] * first + [dice.choice(UNITS) for _ in range(columns)])
        unit = len(rows)
    values = len(rows) + 1
    rows += _body(dice, width, margin, first)
    rows += [[None] * width] * dice.choice([0, 1])
    rows += [_line(width, margin, dice.choice(NOTES)) for _ in range(dice.choice([0, 1, 2]))]
    schema = dict.fromkeys([f"c{i + 1}" for i in range(width)], pl.String)
    cells = pl.DataFrame(rows, schema=schema, orient="row")
    numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
    grid = Grid(cells.insert_column(0, numbers), merges=tuple(merges))
    return Made(grid, (top, top + depth - 1), unit, values, rows)


def _line(width, column, text):
    return [text if i == column else None for i in range(width)]


def _band(dice, width, margin, first, *, depth, top):
    band, merges = [[None] * width for _ in range(depth)], []
    is_merged, is_high = dice.random() < 0.5, dice.random() < 0.5
    for i, name in enumerate(
        dice.sample(["地区", "町名", "区分", "産業", "学校名"], first - margin)
    ):
        band[0 if is_merged or is_high else depth - 1][margin + i] = name
        if is_merged and depth > 1:
            merges.append(Span(top, top + depth - 1, margin + i + 1, margin + i + 1))
    edges = [(first, width)]
    for level in range(depth - 1):
        split = []
        names = dice.sample(GROUPS + SUBJECTS, 15)
        for start, end in edges:
            at = start
            while at < end:
                span = min(end - at, dice.choice([1, 2, 2, 3, 4]))
                band[level][at] = names.pop() if names else "他"
                if is_merged and span > 1:
                    merges.append(Span(top + level, top + level, at + 1, at + span))
                split.append((at, at + span))
                at += span
        edges = split
    for start, end in edges:
        pool = SUBJECTS if depth == 1 else PARTS
        years = dice.random() < 0.15 and end - start > 1
        names = (
            [str(2010 + i) for i in range(end - start)] if years else dice.sample(pool, end - start)
        )
        band[-1][start:end] = names
    return band, merges


def _body(dice, width, margin, first):
    count, biggest = dice.choice([2, 3, 5, 8, 15, 40]), dice.choice([9, 99, 9999, 999_999])
    is_carried = first - margin > 1 and dice.random() < 0.5 and count > 3
    body = []
    for k in range(count):
        row = [None] * width
        for i in range(margin, first):
            row[i] = f"{dice.choice(TOWNS)}{k}"
        if is_carried:
            row[margin] = f"{TOWNS[k // 3]}{k}" if k % 3 == 0 else None
        for i in range(first, width):
            number = dice.randint(0, biggest)
            row[i] = (
                dice.choice(MARKS)
                if dice.random() < 0.07
                else dice.choice([str(number), f"{number:,}"])
            )
        body.append(row)
    total = dice.choice([None, None, "合計", "総数"])
    if total:
        sums = [sum(int((row[i] or "0").replace(",", "")) for row in body if (row[i] or "0")[0].isdigit())
                for i in range(first, width)]  # fmt: skip
        line = [*_line(first, margin, total), *map(str, sums)]
        body = [line, *body] if dice.random() < 0.5 else [*body, line]
    return body
