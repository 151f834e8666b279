"""`machikane rules`: every rule of normalisation as one page a clerk can read.

Belongs here: the page. Must not hold: the rules and their examples; they stand with the functions
that apply them and come through `transforms.catalogue`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.catalogue import RULES
from transforms.kinds import KINDS, TYPES_RENAMED
from transforms.verdict import CONTROLS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transforms.rules import Example, Rule

# The subject of a rule is the word before the dot; the page follows this order.
SUBJECTS = {
    "どの種類にも共通": ("blank",),
    "日付": ("date",),
    "年月・年・年度": ("month", "year", "fiscal_year"),
    "数値": ("number", "figure"),
    "コード・番号": (
        *("code", "boolean", "digits", "identifier", "government_code", "postal_code"),
        *("corporate_number", "invoice_number", "my_number", "resident_id"),
        *("school_code", "facility_code"),
    ),
    "電話番号": ("phone",),
    "住所": ("address", "town"),
    "緯度・経度": ("place", "latitude", "longitude"),
    "名称・カナ・文字": ("name", "name_key", "kana", "text", "header"),
}
OTHERS = "そのほか"
HEADINGS = ("規則", "何を見つけるか", "判定", "例(前 → 後)", "直し方", "出典")
INTRODUCTION = """\
# 正規化規則

<!-- machikane rules が書いたページです。直すときは規則のある transforms/ を直し、
     machikane rules --out docs/ja/正規化規則.md で作り直してください。 -->

各課から届く値は、書き方がまちまちです。まちかねは値を1つずつ読み、**共通の形**にそろえ、**判定**と、その判定をした**規則**の名前を付けます。元の文字は消さず、いつも隣に残します。このページは、その規則の一覧です。

## 4つの判定

| 判定 | 意味 | 値 | することは |
|---|---|---|---|
| `ok` | 法令・標準・契約が認める書き方で、その値だと書いてある(和暦、全角、桁区切りなど) | そろえた値 | ありません |
| `repaired` | 直し方が一つしかないので直した(落ちた先頭の0、付いていた時刻など) | 直した値 | 気になるときは元の文字と見比べます |
| `uncertain` | 何か書いてあるが、一つの値に決まらない(元号のない 5.2.1、日付の「不詳」など) | 推測しません。年や月だけ分かるときは、日付なら、いちばん早い日と遅い日が付きます | 「直し方」を見て、元を確かめます |
| `refused` | その種類の値ではない、または、あり得ない値(2月30日など) | 空 | 「直し方」を見て、元を直します |

一つの規則の判定は、いつも同じです。「たぶんこうだろう」で値を作ることはありません。迷うときは `uncertain` です。

## 断られた行はどうなるか

取込み(`machikane run`)で値が `refused` になった行は、捨てられも、取り込まれもせず、**隔離**されます。必須の列では `uncertain` の行も隔離します。必須でない列の `uncertain` は、値を空にして取り込み、元の文字と規則を残します。`machikane quarantine データセット --out 直す行.xlsx` で、行と直し方を書き出せます。直したファイルを受付箱に置けば、次の取込みで戻ります([くわしく](データ担当者.md#隔離した行を片づける))。

## 厳格と寛容

- **厳格**(`--strict`、はじめはこちら): あり得ない値は直さずに断ります。昭和64年1月8日は、もう平成なので断ります。
- **寛容**(`--lenient`): 直し方が一つに決まるものは直し、`repaired` とします。昭和64年1月8日は 1989-01-08 になります。

どちらでも、一つに決まらない値は直しません。厳格と寛容で判定が違うときは、規則の名前も違います。例に(policy=lenient)とあるのが寛容のときです。

## 値を試す

1列目の見出しを `input` にした CSV(UTF-8)を用意します。

```
machikane normalize date 試す.csv
echo "input
令和5年2月30日" | machikane normalize date
```

`input,value,verdict,rule` の CSV が、入れた行と同じ順に、同じ行数で出ます。種類は次のとおりです。

| 種類 | そろえるもの | `value` の形 |
|---|---|---|
| `date` | 日付・期間 | `2023-02-01` `2023-02` `2023` `FY2023` `2023-04/2023-06` |
| `address` | 住所(町名表にある市) | `大阪府豊中市中桜塚三丁目1-1`。都道府県から建物までの部分は別の列 |
| `phone` | 電話番号 | `(06)6858-2525` `090-1234-5678`。内線は別の列 |
| `number` | 数 | `1234.5`。単位は別の列 |
| `code` | コード・番号 | 種類は `context` に書く(`kind=lg` なら団体コード6桁) |
| `name` | 氏名・名称 | 字を変えず、そのまま |
| `name-key` | 氏名・名称の照合 | 幅・空白・異体字の違いをなくしたもの(保存には使わない) |
| `kana` | 読みがな | 全角カタカナ |
| `text` | 文章 | 制御文字だけ除いたもの |
| `header` | 列の見出し | 見出しを探すときのもの |

値だけでは決まらないときは、`context` という列に `名前=値` を `;` でつないで書きます。`era=令和`(元号の列の値)、`excel=1900` か `excel=1904`(表計算の通し番号)、`previous=平成29年平均`(上の行の値)、`unit=千円`、`kind=lg` などです。下の例の( )の中がそれです。

## 規則の一覧
"""


def render_rules() -> str:
    """Return the page in Markdown."""
    sections = (_render_subject(subject, rules) for subject, rules in _by_subject())
    return "\n".join([INTRODUCTION, *sections])


def _by_subject() -> Iterator[tuple[str, dict[str, Rule]]]:
    """Yield every subject that has rules; a prefix nobody has placed is under the last."""
    place = {prefix: subject for subject, prefixes in SUBJECTS.items() for prefix in prefixes}
    for subject in (*SUBJECTS, OTHERS):
        rules = {
            name: rule
            for name, rule in RULES.items()
            if place.get(name.partition(".")[0], OTHERS) == subject
        }
        if rules:
            yield subject, rules


def _render_subject(subject: str, rules: dict[str, Rule]) -> str:
    order = sorted(rules, key=lambda name: (name.split(".")[0], LEVELS.index(rules[name].verdict)))
    rows = (_render_rule(name, rules[name]) for name in order)
    lines = [HEADINGS, ["---"] * len(HEADINGS), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"### {subject}\n{_say_how_to_try(rules)}\n{table}\n"


def _say_how_to_try(rules: dict[str, Rule]) -> str:
    used = {example.kind for rule in rules.values() for example in rule.examples}
    tried = " ".join(f"`machikane normalize {kind}`" for kind in KINDS if kind in used)
    typed = " ".join(f"`{TYPES_RENAMED.get(kind, kind)}`" for kind in sorted(used - set(KINDS)))
    said = [f"試す: {tried}"] if tried else []
    said += [f"契約の型(type): {typed}"] if typed else []
    return f"\n{'。'.join(said)}\n" if said else ""


def _render_rule(name: str, rule: Rule) -> list[str]:
    examples = "<br>".join(map(_render_example, rule.examples))
    words = (_escape(word) for word in (rule.remedy, rule.source))
    return [f"`{name}`", _escape(rule.title), rule.verdict, examples, *words]


def _render_example(example: Example) -> str:
    context = f"({_escape(example.context)})" if example.context else ""
    return f"{_show(example.text)}{context} → {_show(example.value)}"


def _escape(words: str) -> str:
    """Return words that Markdown prints as they are, within one cell."""
    for sign in "\\`*_|<>[]~":
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", " ")


def _show(text: str) -> str:
    """Return a value as code, with what cannot be seen made visible."""
    if not text:
        return "(空)"
    seen = "".join(f"\\x{ord(c):02x}" if c in CONTROLS else c for c in text)
    for sign, shown in {"\n": "⏎", "\r": "␍", "\t": "⇥", "\u3000": "□", "|": "\\|"}.items():
        seen = seen.replace(sign, shown)
    inner = seen.strip(" ")
    left, right = len(seen) - len(seen.lstrip(" ")), len(seen) - len(seen.rstrip(" "))
    seen = "␣" * left + inner + "␣" * right if inner else "␣" * len(seen)
    fence = "``" if "`" in seen else "`"
    return f"{fence}{seen}{fence}"
