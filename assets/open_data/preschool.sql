SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    facility_number AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    facility_name AS 名称,
    facility_name_kana AS 名称_カナ,
    CASE kind_code
        WHEN '1' THEN '認定こども園' WHEN '2' THEN '認可保育所' WHEN '3' THEN '幼稚園'
        WHEN '4' THEN '小規模保育事業' ELSE '認可外保育施設'
    END AS 種別,
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
    corporation_name AS 団体名,
    strftime(licensed_date, '%Y-%m-%d') AS 認可等年月日,
    capacity_count AS 収容定員,
    accepted_ages AS 受入年齢,
    replace(open_weekdays, '・', '') AS 利用可能曜日,
    lpad(opening_time, 5, '0') AS 開始時間,
    lpad(closing_time, 5, '0') AS 終了時間,
    hours_note AS 利用可能日時特記事項,
    CASE has_temporary_care WHEN true THEN '有' WHEN false THEN '無' END AS 一時預かりの有無,
    CASE has_sick_child_care WHEN true THEN '有' WHEN false THEN '無' END AS 病児保育の有無
FROM common.childcare_facilities
WHERE _period = (SELECT max(_period) FROM common.childcare_facilities)
ORDER BY facility_number
