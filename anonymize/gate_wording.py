"""What a release officer reads for each rule of the gate.

Belongs here: severity, message and remedy per rule on columns, counts and cells. Must not hold: the
rules, wording of rows of persons (`gate_wording_records`). `{count}` is the number of rows, cells or numbers at fault.
"""

from collections.abc import Mapping
from types import MappingProxyType

from anonymize.gate_wording_records import RECORD_WORDING
from anonymize.gate_words import Wording, blocker

WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "gate.failed": blocker(
            "検査を実行できなかったため、公開できません",
            "公開を止めたまま、データ基盤の担当者に検査の名前を伝えてください。",
        ),
        "table.empty": blocker(
            "公開する表に行がありません", "抽出の条件と、元データが届いているかを確かめてください。"
        ),
        "columns.undeclared": blocker(
            "宣言されていない列があります",
            "公開してよい列なら宣言に加え、そうでなければ抽出から除いてください。",
        ),
        "columns.missing": blocker(
            "宣言された列が表にありません", "抽出にその列を加えるか、宣言から除いてください。"
        ),
        "columns.order": blocker(
            "列の並びが宣言と違います", "抽出の列を宣言と同じ順に並べてください。"
        ),
        "columns.personal_name": blocker(
            "個人を識別する項目の名前をもつ列があります",
            "その列を抽出から除いてください。集計した値なら、内容を表す名前に変えてください。",
        ),
        "class.missing": blocker(
            "公開区分が決まっていない列があります",
            "所管課に確かめ、公開・庁内・個人・特定個人のどれかを台帳に書いてください。",
        ),
        "class.not_open": blocker(
            "公開区分が「公開」でない列があります",
            "その列を抽出から除くか、集計・匿名化した列に替えてください。",
        ),
        "counts.not_integer": blocker(
            "人数の列が整数ではありません",
            "秘匿の記号や小数を除き、整数の列として書き出してください。",
        ),
        "counts.null_or_negative": blocker(
            "人数の列に空または負の値が{count}件あります",
            "集計をやり直し、該当者のない所は 0 にしてください。",
        ),
        "counts.hidden_but_shown": blocker(
            "秘匿(X)とした行に、人数が{count}件残っています",
            "秘匿した行の人数をすべて空にし、合算先の行に含めてください。",
        ),
        "cells.small_shown": blocker(
            "しきい値に満たない人数が{count}件見えています",
            "しきい値に満たないセルを空欄にし、二次秘匿からやり直してください。",
        ),
        "cells.unmarked": blocker(
            "空欄のセルの印(X)が実際と違う行が{count}行あります",
            "秘匿したセルの列名を、印の列に「X:」に続けて書いてください。",
        ),
        "counts.not_rounded": blocker(
            "丸めの単位の倍数でない人数が{count}件あります",
            "丸めの処理を通してから、合計を丸めた値から計算し直してください。",
        ),
        "totals.too_small": blocker(
            "人口が最小値に満たない行が{count}件あります",
            "小さい地域をまとめ直してください。丸めた後にも、もう一度まとめます。",
        ),
        "sums.unequal": blocker(
            "合計が内訳の和と一致しない行が{count}件あります",
            "合計は丸めた内訳から計算し、丸める前の合計を載せないでください。",
        ),
        "k.too_small": blocker(
            "同じ特徴をもつ人数が k に満たない行が{count}件あります",
            "区分を粗くするか、該当する行を除いてください。",
        ),
        "type.not_judged": blocker(
            "検査できない型の列があります", "文字・数値・日付・真偽のどれかの列に直してください。"
        ),
        "text.free": blocker(
            "自由記述と思われる文章が{count}件あります",
            "内容を人が読んで確かめ、公開してよい列なら自由記述を許す列に加えてください。",
        ),
        "pattern.my_number": blocker(
            "個人番号(マイナンバー)の検査数字に合う12桁の番号が{count}件あります",
            "番号を除いてください。別の番号なら、何の番号かを承認者に示してください。",
        ),
        "pattern.mobile_phone": blocker(
            "携帯電話の番号が{count}件あります",
            "番号を除くか、施設の固定電話に替えてください。",
        ),
        "pattern.unofficial_mail": Wording(
            "warning",
            "lg.jp でないメールアドレスが{count}件あります",
            "団体の代表アドレスかを確かめ、個人のものなら除いてください。",
        ),
        "pattern.birth_date": blocker(
            "生年月日と思われる記載が{count}件あります",
            "記載を除くか、年齢の区分に替えてください。",
        ),
        "pattern.pseudonym": blocker(
            "庁内用の仮名が{count}件あります",
            "仮名は公開できません。その列を除くか、集計してください。",
        ),
        **RECORD_WORDING,
    }
)
