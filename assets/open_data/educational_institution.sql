SELECT
    school_code AS 教育機関_学校コード,
    school_kind_code AS 教育機関_学校種,
    substr(getvariable('local_government_code'), 1, 2) AS 教育機関_都道府県番号,
    founder_kind_code AS 教育機関_設置区分,
    founder_name AS 教育機関_設置者情報,
    branch_code AS 教育機関_本分校,
    school_name AS 教育機関_学校名,
    school_name_kana AS 教育機関_学校名カナ表記,
    getvariable('city') AS "教育機関_学校所在地（市区町村）",
    town AS "教育機関_学校所在地（町字）",
    block AS "教育機関_学校所在地（番地以下）",
    postal_code AS 教育機関_郵便番号,
    printf('%.6f', latitude) AS 教育機関_緯度,
    printf('%.6f', longitude) AS 教育機関_経度,
    school_name AS 教育機関_連絡先名称,
    phone AS 教育機関_連絡先電話番号,
    strftime(founded_date, '%Y-%m-%d') AS 教育機関_属性情報設定年月日,
    strftime(closed_date, '%Y-%m-%d') AS 教育機関_属性情報廃止年月日
FROM common.educational_institutions
ORDER BY school_code
