"""Words and shapes by which Japanese tables tell what their cells are. Data, no decisions.

Belongs here: word lists and the patterns made of them. Must not hold: anything that looks at more
than one cell.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that name a column. A header is one of them, or ends in one of the endings.
HEADER_WORDS = _words(
    """
    地域 地区 地区名 地域名 区分 分類 種別 種類 項目 項目名 区域 名称 名前 氏名 施設 施設名 住所 所在地 郵便番号 電話 電話番号 fax fax番号 年 月 日
    年月 年月日 年度 年次 日付 時点 月別 年別 男 女 男女 男性 女性 男女計 性別 年齢 年代 計 合計 総計 総数 小計 累計 内訳 人口 人数 世帯 世帯数 件数 数
    数量 金額 決算額 予算額 構成比 割合 比率 率 増減 増減数 増減率 伸率 前年比 前年同月比 番号 no no. № 通番 連番 整理番号 id コード 団体コード 緯度
    経度 標高 面積 備考 摘要 説明 内容 注記 url 曜日 時間 開始 終了 開始時間 終了時間 開始時刻 終了時刻 対象 対象者 料金 定員 定数 都道府県 都道府県名
    市区町村 市区町村名 市町村 市町村名 町名 町丁目 町字 丁目 大字 字 地番 番地 方書 学校名 所属 課名 担当 担当課 部署 部局 職名 職種 役職 品名 品目 単価
    単位 状態 状況 症状 結果 回数 順位 行ラベル 列ラベル フリガナ カナ 名称_カナ 名称カナ 英語 ローマ字 会場 場所 設置場所 開催日 行事名 登録日 更新日
    許可番号 業種 法人名 代表者 校区 学年 クラス 科目 款 節 細節 都市名 国名 国籍 世帯主 続柄 生年月日 曜 時刻 期間 産業 職業 用途 構造 property
    #property name address latitude longitude lat lng lon code year month date category type
    note notes title description count total male female city pref prefecture town area
    region status tel phone email key value
    """
)
HEADER_ENDINGS = (
    "名", "名称", "番号", "コード", "数", "率", "額", "比", "日", "年月日", "区分", "種別", "住所", "カナ",
    "フリガナ", "年度", "時間", "時刻", "面積", "人口", "有無", "備考", "緯度", "経度", "url", "別", "者", "先",
    "欄", "_name", "_code", "_id", "_kana", "_date",
)  # fmt: skip
UNIT_WORDS = _words(
    """
    人 名 千人 万人 百人 世帯 千世帯 戸 千戸 円 千円 百円 万円 百万円 億円 兆円 ドル 千ドル 件 千件 台 千台 ％ % ‰ ポイント 歳 才 年 月 日 か月
    ヶ月 カ月 箇月 時間 分 秒 回 度 ℃ mm ミリ cm m メートル km キロメートル ㎞ ㎜ ㎝ m2 m² ㎡ 平方メートル km2 km² k㎡ ㎢
    平方キロメートル ha ヘクタール アール m3 m³ ㎥ 立方メートル L l リットル kL kl mL ml g kg ㎏ キログラム t トン 千トン kW kWh 千kWh
    MWh 個 千個 箇所 か所 ヶ所 カ所 所 校 園 館 棟 室 床 組 冊 千冊 点 本 枚 着 足 頭 羽 匹 隻 通 票 議席 席 団体 社 事業所 店 施設 基 区画
    人/km2 人/k㎡ 人/㎢ 人/km² 1km2当たり 1k㎡当たり 人口千対 人口10万対 出生千対 倍 指数 hPa m/s mg/L mg/l ppm dB
    """
)
# What a pivot table writes over its columns.
PIVOT_WORDS = _words("列ラベル ColumnLabels")
# Words of a row that adds up others; the ending 計 counts unless the word is one of these.
TOTAL_WORDS = _words(
    """
    計 合計 総計 総数 小計 総合計 累計 県計 市計 区計 町計 村計 町村計 郡計 都計 府計 道計 市町村計 市部計 郡部計 全国 全国計 全国総数 全県 県全体
    全市 市全体 全体 男女計 年計 年度計 総額 合算 total totals grandtotal subtotal sum
    """
)
NOT_TOTAL_ENDINGS = tuple(
    _words("会計 統計 時計 設計 家計 推計 温度計 体温計 生計 主計 血圧計 電力計")
)

# Symbols that stand where a value would: what they usually mean in Japanese statistics.
_MARKS = {
    "該当なし(皆無)": "- － ― ‐ – — ─ − ー 皆無",
    "秘匿": "x X ｘ Ｘ χ * ** *** ＊ ＊＊＊ 秘匿",
    "不詳(数値が得られない)": "… ... ・・・ ‥",
    "該当する数値がない": "・ ･",
    "符号だけで数値がない": "△ ▲",
    "該当しない欄": "/ ／",
    "該当なし": "N/A n/a NA",
    "計算の誤り": "#N/A #DIV/0! #VALUE! #REF! #NUM! #NAME? #NULL!",
    "不詳": "不詳",
    "不明": "不明",
}
MARK_MEANINGS = {mark: said for said, marks in _MARKS.items() for mark in marks.split()}
# Of these, the ones that count as nothing in a sum.
ZERO_MARKS = _words("- － ― ‐ – — ─ − ー 皆無")
LEGEND_WORDS = (
    "秘匿",
    "皆無",
    "該当",
    "不詳",
    "不明",
    "欠",
    "単位未満",
    "ない",
    "なし",
    "得られ",
    "計上",
    "公表",
    "調査",
)

_WAREKI = "(?:明治|大正|昭和|平成|令和|[MTSHRＭＴＳＨＲ㍾㍽㍼㍻㋿])"
_D = "[0-9０-９]"
NUMBER = rf"^[△▲+＋\-－−]?[\s\u3000]?(?:{_D}[0-9０-９,，]*(?:[.．]{_D}+)?|[.．]{_D}+)(?:[eE][+-]?\d+)?[%％]?$|^[(（]\d[\d,]*(?:\.\d+)?[)）]$"
DATE = (
    rf"^{_D}{{4}}[-/.．／]{_D}{{1,2}}(?:[-/.．／]{_D}{{1,2}})?(?:[ T].*)?$"
    rf"|^{_D}{{1,2}}/{_D}{{1,2}}(?:/{_D}{{4}})?$"
    rf"|^{_WAREKI}\s?(?:{_D}{{1,2}}|元)[.．/年]\s?{_D}{{1,2}}[.．/月]\s?{_D}{{1,2}}日?(?:.{{0,12}})?$"
    rf"|^{_D}{{4}}年\s?{_D}{{1,2}}月\s?{_D}{{1,2}}日(?:.{{0,12}})?$"
    rf"|^{_D}{{1,2}}月{_D}{{1,2}}日(?:.{{0,5}})?$"
    rf"|^{_D}{{1,2}}[:：]{_D}{{2}}(?:[:：]{_D}{{2}}(?:\.\d+)?)?$"
)
PERIOD = (
    rf"^(?:{_WAREKI}?\s?(?:{_D}{{1,4}}|元)\s?(?:年度|年|月|月末|年末|年中|暦年|日)(?:\s?{_D}{{1,2}}\s?月)?|{_D}{{4}})"
    rf"(?:[(（][^()（）]*[)）])?$|^第?{_D}四半期$|^FY{_D}{{4}}$"
)
# A1101, man1, flood_L1: a code of the body or a key of the header.
NAMELIKE = r"^[A-Za-z][A-Za-z_]*\d[A-Za-z0-9_]*$"
CODE = r"^[\x21-\x7e]*\d[\x21-\x7e]*$|^(?:https?://|www\.)|^[\w.+-]+@[\w.-]+$|^[A-Z]{1,4}\d"
KANA = r"^[ァ-ヺー・ヽヾㇰ-ㇿｦ-ﾟ゛゜\s\u3000（）()]+$"
DIGITED = r"[0-9０-９]|[一二三四五六七八九十]丁目"
LATIN = r"^[\x20-\x7eＡ-Ｚａ-ｚ]+$"

NOTE = (
    r"^\s*(?:[(（\[［【〔<＜]?\s*(?:注|註|備\s*考|資\s*料|出\s*典|出\s*所|留意|凡例|参考|脚注|補足|お問い?合わ?せ|問い合わせ|作成|担当)"
    r"[\s\d０-９)）\]］】〕>＞]*(?:[:：.．、,，)）\]］】〕>＞]|\s|\u3000|$|[\d０-９])|[(（\[［【〔]\s*(?:注|註|資料|出典|出所|備考|参考)[^)）]{0,6}[)）\]］】〕]"
    r"|[※＊*☆★→←]|[\d０-９]{1,2}[)）]\s*\S|[(（][\d０-９]{1,2}[)）]\s*\S{12}|source\b|note\b|[・○●]\S{15})"
)
UNIT_LINE = r"単\s*位\s*[:：・]?\s*(.+?)\s*[)）\]］】〕]?\s*$"
AS_OF = r"(?:現在|時点|現況|作成|更新|調べ|公表)\s*[)）]?\s*$"
TITLE = (
    r"^\s*(?:第?\s*[\d０-９一二三四五六七八九十]+(?:[-－ー―.．の][\d０-９]+)*\s*[表図]|表\s*[\d０-９]|[(（]?[\d０-９]{1,2}[)）.．、\s\u3000]\s*\S"
    r"|[■●◆◇□○▼▽【《〈＜<◎]|統計表|[(（]例[)）])"
    r"|(?:一覧表?|統計表?|統計|状況|調査|調べ|総括表?|集計表?|推移|内訳表|台帳|名簿|リスト|月報|年報|報告書?|について|のお知らせ|編)\s*(?:[(（].*[)）])?\s*$"
)
RATIO = r"累計|累積|現在|率|比(?!較)|割合|構成|％|%|平均|密度|指数|当たり|あたり|ポイント|偏差|順位|単価|緯度|経度|番号|コード|年齢$|年度$|^年$|^月$|code|lat|lon|lng|rate|ratio"
SEQUENCE = r"^(?:番号|no|№|no\.|通番|連番|項番|id|#)$"
