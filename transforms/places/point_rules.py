"""The rules of coordinates and the words a clerk reads about them.

Belongs here: rule id to verdict, title, remedy, examples. Must not hold: code that applies them
(`coordinates`, `points`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from transforms.numbers.reading_rules import RULES as NUMBER_RULES
from transforms.rules import Example, Rule
from transforms.verdict import OK, REFUSED, REPAIRED, UNCERTAIN

_SIX = "自治体標準オープンデータセットは十進の度・小数6桁・JGD2011（行政基本情報データ連携モデル 444 緯度経度）"
_EPSG = "EPSG:15483（Tokyo から JGD2000、3パラメータ、精度 9 m）"


_CITY = "bounds=34.73|135.44|34.825|135.509"


def _of(kind: str, *texts: tuple[str, str] | tuple[str, str, str]) -> tuple[Example, ...]:
    """Return the examples from text, value and, where it matters, context."""
    return tuple(Example(text, value, kind, "".join(context)) for text, value, *context in texts)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        **NUMBER_RULES,
        "place.sexagesimal": Rule(
            OK, "度分秒を十進の度に換算", "", _of("latitude", ("34度46分53.1秒", "34.78141667")), _SIX
        ),
        "place.side": Rule(
            OK, "北緯・東経の文字を除去", "", _of("latitude", ("N34.781389", "34.781389"), ("北緯34.781389", "34.781389"))
        ),
        "place.point": Rule(OK, "緯度と経度の組", "", _of("point", ("34.781389,135.469722", "34.781389,135.469722")), _SIX),
        "place.datum_converted": Rule(
            REPAIRED,
            "日本測地系から JGD2011 に換算",
            "",
            _of("point", ("34.781389,135.469722", "34.784622,135.466892", "datum=tokyo")),
            _EPSG,
        ),
        "place.swap_mended": Rule(
            REPAIRED,
            "入れ替わった緯度と経度を元に戻す",
            "",
            _of("point", ("135.469722,34.781389", "34.781389,135.469722", f"policy=lenient;{_CITY}")),
        ),
        "place.coarse": Rule(
            UNCERTAIN,
            "桁の少ない座標",
            "小数が3桁未満では1 kmほどずれます。小数6桁で出力し直してください。",
            _of("latitude", ("34.78", ""), ("34度46分", "")),
            _SIX,
        ),
        "place.compact": Rule(
            UNCERTAIN,
            "区切りのない度分秒らしい座標",
            "度分秒を続けて書いた値のようです。十進の度で書いてください。",
            _of("latitude", ("344653.1", "")),
        ),
        "place.outside_city": Rule(
            UNCERTAIN,
            "市の範囲の外の座標",
            "市の外の地点です。場所が正しいか地図で確かめてください。",
            _of("point", ("35.681236,139.767125", "", _CITY)),
        ),
        "place.swapped": Rule(
            REFUSED,
            "緯度と経度の取り違え",
            "緯度と経度が入れ替わっています。列の順を確認して直してください。",
            _of("latitude", ("135.469722", "")),
        ),
        "place.zero": Rule(
            REFUSED, "0 の座標", "座標が入っていません。0 を消すか、正しい座標を書いてください。", _of("latitude", ("0", ""))
        ),
        "place.half": Rule(
            REFUSED, "緯度か経度の片方だけの座標", "緯度と経度の両方を書いてください。", _of("point", ("34.781389", ""))
        ),
        "place.impossible_minutes": Rule(
            REFUSED, "60以上の分・秒", "分と秒は60未満です。原本を確かめて直してください。", _of("latitude", ("34度70分00秒", ""))
        ),
        "place.outside_japan": Rule(
            REFUSED,
            "日本の範囲外の座標",
            "日本の範囲にない座標です。十進の度で書かれているか確認して直してください。",
            _of("latitude", ("50.123456", "")),
        ),
    }
)  # fmt: skip
