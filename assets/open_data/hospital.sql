SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    institution_code AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    institution_name AS 名称,
    institution_name_kana AS 名称_カナ,
    CASE kind_code WHEN '1' THEN '病院' WHEN '2' THEN '一般診療所' ELSE '歯科診療所' END AS 医療機関の種類,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    address AS 所在地_連結表記,
    getvariable('prefecture') AS 所在地_都道府県,
    getvariable('city') AS 所在地_市区町村,
    address_town AS 所在地_町字,
    address_number AS 所在地_番地以下,
    address_building AS "建物名等(方書)",
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    phone AS 電話番号,
    postal_code AS 郵便番号,
    corporate_number AS 法人番号,
    corporation_name AS 法人の名称,
    institution_code AS 医療機関コード,
    replace(open_weekdays, '・', '') AS 診療曜日,
    lpad(opening_time, 5, '0') AS 診療開始時間,
    lpad(closing_time, 5, '0') AS 診療終了時間,
    hours_note AS 診療日時特記事項,
    CASE has_after_hours_care WHEN true THEN '有' WHEN false THEN '無' END AS 時間外における対応,
    replace(departments, '、', ';') AS 診療科目,
    bed_count AS 病床数,
    CASE disaster_role_code
        WHEN '1' THEN '基幹災害医療センター' WHEN '2' THEN '地域災害医療センター' WHEN '3' THEN '救護所'
    END AS 災害拠点分類
FROM common.medical_institutions
WHERE _period = (SELECT max(_period) FROM common.medical_institutions)
ORDER BY institution_code
