-- Open on: every day of the week but those named, where the list names whole days and nothing else.
WITH newest AS (
    SELECT
        *,
        regexp_full_match(
            closed_days, '(?:[月火水木金土日]曜日|祝日|年末年始)(?:・(?:[月火水木金土日]曜日|祝日|年末年始))*'
        ) AS names_whole_days
    FROM common.public_facilities
    WHERE _period = (SELECT max(_period) FROM common.public_facilities)
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    facility_id AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    facility_name AS 名称,
    facility_name_kana AS 名称_カナ,
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
    getvariable('prefecture') || getvariable('city') AS 団体名,
    CASE WHEN names_whole_days THEN array_to_string(
        list_filter(string_split('月火水木金土日', ''), lambda d: NOT contains(closed_days, d || '曜日')), ''
    ) END AS 利用可能曜日,
    lpad(opening_time, 5, '0') AS 開始時間,
    lpad(closing_time, 5, '0') AS 終了時間,
    CASE WHEN closed_days IS NOT NULL THEN '休館日: ' || closed_days END AS 利用可能時間特記事項,
    CASE is_wheelchair_accessible WHEN true THEN '可' WHEN false THEN '否' END AS 車椅子可,
    url AS URL
FROM newest
ORDER BY facility_id
