"""The rules of phone numbers and their words.

Belongs here: titles, remedies, examples. Must not hold: code that applies them (`phones`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, REPAIRED, UNCERTAIN

_FORM = "自治体標準オープンデータセット 共通ルール(電話番号は (00)0000-0000、内線番号は別の項目)"
_PLAN = "電気通信番号計画(令和元年総務省告示第6号)"
PHONE_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "phone.plain": Rule(
            OK,
            "電話番号",
            examples=(
                Example("(06)6858-2525", "(06)6858-2525", "phone"),
                Example("090-1234-5678", "090-1234-5678", "phone"),
            ),
            source=_FORM,
        ),
        "phone.written_form": Rule(
            OK,
            "電話番号の表記を統一",
            examples=(
                Example("06-6858-2525", "(06)6858-2525", "phone"),
                Example("０１７８（１２）３４５６", "(0178)12-3456", "phone"),
                Example("0120123456", "0120-123-456", "phone"),
            ),
            source=f"{_FORM}、{_PLAN}",
        ),
        "phone.country_code": Rule(
            OK,
            "国番号81を国内の表記に変換",
            examples=(Example("+81 6-6858-2525", "(06)6858-2525", "phone"),),
            source="ITU-T E.164",
        ),
        "phone.short_number": Rule(
            OK,
            "110・119・#7119 などの短い番号",
            examples=(Example("＃７１１９", "#7119", "phone"), Example("119", "119", "phone")),
            source=_PLAN,
        ),
        "phone.extension": Rule(
            OK,
            "内線番号を分離",
            examples=(Example("06-6858-2525 内線123", "(06)6858-2525", "phone"),),
            source=_FORM,
        ),
        "phone.labelled": Rule(
            OK,
            "TEL・電話の語を除去",
            examples=(Example("TEL:06-6858-2525", "(06)6858-2525", "phone"),),
        ),
        "phone.annotation": Rule(
            REPAIRED,
            "代表・直通・FAX兼用などの添え書きを除去",
            examples=(Example("06-6858-2525(代)", "(06)6858-2525", "phone"),),
        ),
        "phone.zero_restored": Rule(
            REPAIRED,
            "電話番号の先頭の0を復元",
            examples=(
                Example("668582525", "(06)6858-2525", "phone"),
                Example("9012345678", "090-1234-5678", "phone"),
            ),
            source=_PLAN,
        ),
        "phone.no_area_code": Rule(
            UNCERTAIN,
            "市外局番のない電話番号",
            "市外局番がないか、桁が足りません。0 から始まる番号を書いてください。",
            (Example("6858-2525", "", "phone"),),
        ),
        "phone.several": Rule(
            UNCERTAIN,
            "二つ以上の電話番号",
            "電話番号が二つ以上あります。一つのセルに一つだけ書いてください。",
            (
                Example("06-6858-2525、06-6858-2526", "", "phone"),
                Example("06-6858-2525~7", "", "phone"),
            ),
        ),
        "phone.remark": Rule(
            UNCERTAIN,
            "添え書きのある電話番号",
            "番号のほかに語句があります。番号だけにし、語句は備考の欄に書いてください。",
            (Example("06-6858-2525(平日のみ)", "", "phone"),),
        ),
        "phone.unassigned": Rule(
            UNCERTAIN,
            "番号計画にない電話番号",
            "使われていない市外局番か局番です。原本を確認して直してください。新しい番号なら、そのまま残してかまいませんので担当に知らせてください。",
            (Example("0128-12-3456", "", "phone"),),
            _PLAN,
        ),
        "phone.extension_only": Rule(
            UNCERTAIN,
            "内線番号だけの値",
            "内線番号しかありません。代表の番号を書いてください。",
            (Example("内線123", "", "phone"),),
        ),
        "phone.fax": Rule(
            REFUSED,
            "ファクス番号",
            "ファクスの番号です。電話番号を書き、ファクスは別の欄に書いてください。",
            (Example("FAX 06-6858-2525", "", "phone"),),
        ),
        "phone.foreign": Rule(
            REFUSED,
            "外国の電話番号",
            "外国の番号か国際電話の番号です。国内の番号を書いてください。",
            (Example("+1 212-555-0100", "", "phone"),),
            "ITU-T E.164",
        ),
        "phone.mail": Rule(
            REFUSED,
            "電話番号の欄のメールアドレス",
            "メールアドレスです。メールの欄に移し、電話番号を書いてください。",
            (Example("info@example.jp", "", "phone"),),
        ),
        "phone.sentinel": Rule(
            REFUSED,
            "仮の電話番号",
            "使われていない仮の番号です。正しい番号に直すか、空欄にしてください。",
            (Example("000-0000-0000", "", "phone"),),
        ),
        "phone.length": Rule(
            REFUSED,
            "電話番号の桁数違い",
            "電話番号の桁数が違います。原本を確認して直してください。",
            (Example("06-6858-25255", "", "phone"),),
            _PLAN,
        ),
        "phone.not_phone": Rule(
            REFUSED,
            "電話番号でない値",
            "電話番号として読めません。0 から始まる10桁か11桁の番号を一つだけ書いてください。",
            (Example("なし", "", "phone"),),
        ),
    }
)
