SELECT
    CASE school_kind_code WHEN '1' THEN 'ES-ALL' WHEN '2' THEN 'JHS-ALL' END AS 学校ID,
    getvariable('prefecture') AS 学校所在地_都道府県名,
    getvariable('city') AS 学校所在地_市区町村名,
    getvariable('local_government_code') AS 学校所在地_全国地方公共団体コード,
    CASE school_kind_code WHEN '1' THEN '市立小学校(全校共通)' WHEN '2' THEN '市立中学校(全校共通)' END
        AS 学校名称,
    CASE school_kind_code WHEN '1' THEN '小学1年;小学2年;小学3年;小学4年;小学5年;小学6年'
        WHEN '2' THEN '中学1年;中学2年;中学3年' END AS 対象学年,
    printf('R%s-%s-%02d-%02d', strftime(served_date, '%Y%m%d'), school_kind_code, dish_number, ingredient_number)
        AS レコードID,
    strftime(served_date, '%Y-%m-%d') AS 提供年月日,
    printf('M%s-%s', strftime(served_date, '%Y%m%d'), school_kind_code) AS 献立ID,
    printf('D%s-%s-%02d', strftime(served_date, '%Y%m%d'), school_kind_code, dish_number) AS 料理ID,
    dish_name AS 料理名称,
    ingredient_number::VARCHAR AS 同一料理内通し番号,
    ingredient_name AS "食品名称（独自）",
    food_group_code || '群' AS "食品群（6群）",
    CASE WHEN food_group_code IN ('1', '2') THEN '赤' WHEN food_group_code IN ('3', '4') THEN '緑'
        WHEN food_group_code IN ('5', '6') THEN '黄' END AS "食品群（3群）",
    amount_g AS 分量,
    energy_kcal AS エネルギー,
    protein_g AS たんぱく質,
    fat_g AS 脂質,
    salt_g AS 食塩相当量,
    '1' AS "アレルゲン情報公開・非公開",
    replace(allergens, '・', ';') AS アレルゲン品目
FROM common.school_lunches
WHERE _period = (SELECT max(_period) FROM common.school_lunches)
ORDER BY served_date, school_kind_code, dish_number, ingredient_number
