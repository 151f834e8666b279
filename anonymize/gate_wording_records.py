"""What a release officer reads for each rule on rows of persons, on attacks and on the law.

Belongs here: severity, message and remedy per rule. Must not hold: the rules. `{count}` is the number
of rows, persons, cells or columns at fault.
"""

from collections.abc import Mapping
from types import MappingProxyType

from anonymize.gate_words import Wording, blocker

_RAISE = "区分を1段階粗くするか、該当する行を抑制してください。"

RECORD_WORDING: Mapping[str, Wording] = MappingProxyType(
    {
        "records.unique": blocker(
            "準識別子の組合せが1人しかいない行が{count}件あります(その人だと分かります)", _RAISE
        ),
        "records.claim_differs": blocker(
            "報告された k と、公開する表で測った k({count})が違います",
            "匿名化をやり直し、できた表から報告を作り直してください。",
        ),
        "records.star_class_small": blocker(
            "抑制した行(すべて *)が{count}件しかなく、それだけで k に満たない集まりになっています",
            "抑制した行を表から除くか、k 件以上になるまで抑制してください。",
        ),
        "records.suppression_over": blocker(
            "抑制した行が{count}件あり、宣言した上限を超えています",
            "区分を粗くして抑制を減らすか、上限を見直して理由を記録してください。",
        ),
        "records.sensitive_without_model": blocker(
            "機微な列に、値を守るモデル(l・t など)がありません",
            "ポリシーの models に、その列(on)の l_distinct か t を足してください。",
        ),
        "records.homogeneous": blocker(
            "機微な値が1つに決まる集まりに{count}人がいます(集まりが分かれば値も分かります)",
            "l_distinct か t のモデルを使い、区分を粗くしてください。",
        ),
        "records.column_outside": blocker(
            "準識別子でも機微な列でもない列で、k に満たない行が{count}件に分かれます",
            "その列を除くか、準識別子に加えて匿名化し直してください。",
        ),
        "records.exact_date": blocker(
            "人ごとに違う日付が{count}件あります",
            "月・年度・年などの区分に替えてください。",
        ),
        "records.coordinates": blocker(
            "人ごとの細かな座標が{count}件あります(自宅の位置が分かります)",
            "座標を除き、校区・地域などの区分に替えてください。",
        ),
        "records.row_number": blocker(
            "行ごとに増える番号の列があります(元の台帳の順が分かります)",
            "番号の列を除いてください。",
        ),
        "order.not_shuffled": blocker(
            "行が元の台帳の順に並んでいるようです(同じ値が偶然より続きます)",
            "行を鍵で並べ替える(shuffle_rows)か、内容の順に並べてください。",
        ),
        "rare.value": blocker(
            "k に満たない人しか持たない値が{count}件あります(特異な記述)",
            "その値をほかの値とまとめるか、上限・下限の区分(トップコーディング)にしてください。",
        ),
        "extreme.age": blocker(
            "100歳以上の年齢が{count}件あります(特異な記述)",
            "年齢に「85歳以上」などの上限の区分をもうけてください。",
        ),
        "extreme.household": blocker(
            "10人以上の世帯が{count}件あります(特異な記述)",
            "世帯人数に「6人以上」などの上限の区分をもうけてください。",
        ),
        "model.k": blocker("宣言した k に満たない集まりがあります", _RAISE),
        "model.l": blocker("宣言した l-多様性を満たさない集まりがあります", _RAISE),
        "model.t": blocker(
            "宣言した t-近接性を満たさない集まりがあります(機微な値の割合が全体と違いすぎます)",
            _RAISE,
        ),
        "model.other": blocker("宣言したモデルを満たさない集まりがあります", _RAISE),
        "model.not_measurable": blocker(
            "公開する表だけでは確かめられないモデル(k-map)だけが宣言されています",
            "k のモデルも宣言してください。",
        ),
        "pattern.person_name": blocker(
            "人の名前と思われる記載が{count}件あります",
            "名前を除いてください。役職だけなら残せます。",
        ),
        "pattern.personal_address": blocker(
            "住まいの番地と思われる記載が{count}件あります",
            "記載を除くか、町丁・校区などの区分に替えてください。",
        ),
        "pattern.phone": blocker(
            "電話番号が{count}件あります", "人の表からは番号を除いてください。"
        ),
        "pattern.mail": blocker(
            "メールアドレスが{count}件あります", "人の表からはアドレスを除いてください。"
        ),
        "pattern.identity_code": blocker(
            "年金番号・被保険者番号などと思われる番号が{count}件あります",
            "番号を除いてください(個人識別符号は、仮名にしても公開できません)。",
        ),
        "pattern.hash": blocker(
            "ハッシュ値や UUID が{count}件あります(鍵のないハッシュは、番号を総当たりして戻せます)",
            "その列を除いてください。行を区別する値は、どれも連結する符号になります。",
        ),
        "tokens.repeated": blocker(
            "過去の公開と同じ符号が{count}件あります(2つの公開の行を結び付けられます)",
            "その列を除くか、公開ごとの鍵(Scope)で仮名を作り直してください。",
        ),
        "margins.give_back": blocker(
            "伏せたセルが{count}個、合計からの引き算で戻ります",
            "同じ行か列でもう1つ伏せる(二次秘匿)か、合計を丸めてください。",
        ),
        "cells.recoverable": blocker(
            "伏せたセルが{count}個、合計との連立で範囲が狭く決まります",
            "二次秘匿をやり直し、秘匿インターバルの幅を確かめてください。",
        ),
        "law.unfilled": blocker(
            "法のチェックリストが作られていません",
            "公開の宣言(declaration)を書き、もう一度実行してください。",
        ),
        "law.contract_only": blocker(
            "契約により提供するデータです。承認するとだれでも見られる所に載るため、止めました",
            "公開データから外し、契約の相手にだけ渡してください。",
        ),
        "law.failed": blocker(
            "法のチェックリストに不適合の項目があります", "下の根拠を見て、原因を直してください。"
        ),
        "law.unanswered": blocker(
            "法のチェックリストに未回答の項目があります",
            "公開の宣言(declaration)に、担当者が答えを書いてください。",
        ),
    }
)
