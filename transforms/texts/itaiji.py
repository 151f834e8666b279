"""Variant forms of kanji (異体字) and the one letter that stands for all of them in a matching key.

What may be merged: two forms of ONE letter, where a public table says so. Letters that only sound
or look alike stay apart: 斉 (齊) is not 斎 (齋), 坂 is not 阪, 畑 is not 畠, 崎 is not 埼. The letter
of 常用漢字表 stands for its group, else the one of JIS level 1. Laws and public notices are free of
copyright (著作権法 13条); the groups under `COMMON` are facts any kanji dictionary gives (本字, 俗字,
略字, 書体の差), each of them one that occurs in names.

Belongs here: the table. Must not hold: its use (`matching_keys`), readings, anything that is stored.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

# 常用漢字表 (平成22年内閣告示第2号): the letter, then the 康熙字典体 it prints in brackets. Those that
# Unicode has among the compatibility ideographs are not listed: see `_compatibility_forms`.
OLD_FORMS = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 欧歐 殴毆 桜櫻 奥奧 横橫 温溫 穏穩
仮假 価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 缶罐 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀
気氣 帰歸 亀龜 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉 区區 駆驅 勲勳 薫薰 径徑 茎莖 恵惠 掲揭
渓溪 経經 蛍螢 軽輕 継繼 鶏鷄 芸藝 撃擊 欠缺 研硏 県縣 倹儉 剣劍 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴 広廣 効效
恒恆 黄黃 鉱鑛 号號 国國 黒黑 砕碎 済濟 斎齋 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實
写寫 釈釋 寿壽 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 叙敍 将將 称稱 渉涉 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩
畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 斉齊
静靜 窃竊 摂攝 専專 浅淺 戦戰 践踐 銭錢 潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦 装裝 総總 騒騷
増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡
虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 勅敕 鎮鎭 逓遞 鉄鐵 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 稲稻 闘鬭 徳德 独獨 読讀 届屆
弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 浜濱 瓶甁 払拂 仏佛 併倂 並竝 餅餠 辺邊 変變
弁辨瓣辯 歩步 宝寶 豊豐 褒襃 翻飜 毎每 万萬 満滿 麺麵 黙默 弥彌 訳譯 薬藥 与與 予豫 余餘 誉譽 揺搖 様樣 謡謠 来來
頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 涙淚 塁壘 礼禮 励勵 戻戾 霊靈 齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞 楼樓 録錄
湾灣
"""

# 戸籍法施行規則 別表第二 (人名用漢字): what it gives as two forms of one letter, beyond the above.
NAME_FORMS = """
亘亙 凜凛 尭堯 巌巖 晃晄 桧檜 槙槇 祢禰 祷禱 禄祿 穣穰 萌萠 遥遙 園薗 駆駈 島嶋 杯盃 富冨 峰峯 野埜 涼凉
"""

# 表外漢字字体表 (平成12年国語審議会答申): 印刷標準字体 and 簡易慣用字体 or the form of JIS level 1.
PRINTED_FORMS = """
唖啞 穎頴 鴎鷗 撹攪 麹麴 繍繡 蒋蔣 醤醬 掻搔 蝋蠟 屏屛 弯彎 芦蘆 嘘噓 焔焰 鴬鶯 蛎蠣 潅灌 諌諫 侠俠 躯軀
繋繫 頚頸 靭靱 蝉蟬 賎賤 騨驒 箪簞 壷壺 填塡 顛顚 梼檮 涛濤 涜瀆 迩邇 嚢囊 蝿蠅 剥剝 溌潑 頬頰 侭儘 薮藪籔 莱萊 篭籠
櫟檪 叱𠮟 噛嚙 鹸鹼 蘂蕊蕋 麩麸 箏筝 埒埓 濾沪
"""

# Forms that dictionaries of kanji give as one letter (本字, 俗字, 略字, 書体の差).
COMMON = """
高髙 崎﨑嵜㟢 辺邉 浜濵 吉𠮷 柳栁桺 斎斋 斉斊亝 島嶌隝 橋槗𣘺 桑桒 宜冝 昇曻 欅﨔 間閒 賢贒 哲喆悊 風凬 裴裵 勲勛 館舘
淵渕渊 徳悳 清淸 青靑 瑶瑤 瑠璢 昂昻 舎舍 戸戶 呉吳 教敎 産產 顔顏 姫姬 税稅 説說 悦悅 閲閱 脱脫 鋭銳 絶絕 毀毁 内內 別别
呂吕 郷鄉 既旣 彦彥 兌兊 鉛鈆 沖冲 決决 況况 秋龝穐 松枩 船舩 土圡 町甼 界畍 留畄畱 畳疂疉 国囯圀 学斈 宝寳 写冩 庁廰 闘鬪
鉄鐡銕 鉱礦砿 回囘 場塲 夢梦 姉姊 帰皈 往徃 従从 恥耻 憩憇 本夲 桝枡 栃杤 柏栢 梅楳 歳歲 氷冰 渋澀 潜濳 闊濶 煙烟 熙煕熈
猪豬 奨獎 珍珎 琴琹 疎踈 皐皋臯 砧碪 稚穉 稿稾 窓窗窻 竪豎 竈竃 筍笋 箋牋 糧粮 総緫縂 線綫 綿緜 繊纎 纏纒 罰罸 翠翆 脈脉
脚腳 腸膓 蓑簑 蘇蘓 虎乕 蟹蠏 衆眾 裏裡 質貭 走赱 達逹 迪廸 逃迯 隣鄰 釜釡 鎌鐮 鑑鑒 鐸鈬 閉閇 陰隂 隷隸 雁鴈鳫 雑襍
飲飮 飾餝 体躰軆 鶴靍靏 麺麪 鼓皷 鼠鼡 幣幤 器噐 劫刧 刃刄 刊刋 卒卆 却卻 叫呌 善譱 垂埀 婿壻聟 尚尙 屡屢 函凾 協恊 参叅
晋晉 朗朖 棋棊 没沒 犂犁 畝畆 略畧 峨峩 嵯嵳 崖崕 兎兔 耕畊 期朞 叙敘 羹羮 厦廈 厩廐廏 厨廚 鑽鑚 讃讚 籤籖 苺莓 詠咏 舗舖
鬱欝 冊册 冒冐 券劵 勇勈 卯夘 妍姸 妊姙 娯娛 窯窰 戯戱 挿揷 携攜 曳曵 柿柹 床牀 琅瑯 蓋盖 稟禀 群羣 聡聰 鉤鈎 倶俱 準凖
凡凢 剣劔劒 呪咒 弐貮 怪恠 毘毗 爾尓 猫貓 競竸 解觧
"""


def _listed_forms() -> Iterator[tuple[str, str]]:
    for table in (OLD_FORMS, NAME_FORMS, PRINTED_FORMS, COMMON):
        for group in table.split():
            yield from ((variant, group[0]) for variant in group[1:])


def _compatibility_forms() -> Iterator[tuple[str, str]]:
    """Yield compatibility ideographs and radicals with the letter Unicode decomposes them to."""
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        letter = unicodedata.normalize("NFKC", chr(code))
        if letter != chr(code):
            yield chr(code), LISTED.get(letter, letter)


LISTED: Mapping[str, str] = MappingProxyType(dict(_listed_forms()))
"""Variant to the letter that stands for it, as the tables above say."""
REPRESENTATIVES: Mapping[str, str] = MappingProxyType(dict(_compatibility_forms()) | dict(LISTED))
"""`LISTED` and the compatibility ideographs; no letter that stands for others is a variant."""
