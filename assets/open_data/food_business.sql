WITH judged AS (
    SELECT
        *,
        -- A corporation is what says so and has a number with the right check digit.
        holder_kind_code = '2' AND corporate_number IS NOT NULL AS is_corporation,
        shop_name = '(氏名のため非公表)' AS is_withheld,
        getvariable('prefecture') || getvariable('city') AS city_name
    FROM common.food_businesses
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    permit_number AS ID,
    city_name AS 地方公共団体名,
    CASE WHEN NOT is_withheld THEN shop_name END AS 施設名称,
    shop_name_kana AS 施設名称_カナ,
    business_kind AS 営業の種類,
    business_style AS 業態,
    getvariable('local_government_code') AS 所在地_全国地方公共団体コード,
    CASE
        WHEN address IS NULL THEN city_name || '内一円'
        WHEN is_corporation THEN address
        ELSE city_name || address_town || coalesce(address_number, '')
    END AS 所在地_連結表記,
    getvariable('prefecture') AS 施設所在地_都道府県,
    getvariable('city') AS 施設所在地_市区町村,
    address_town AS 施設所在地_町字,
    address_number AS 施設所在地_番地以下,
    CASE WHEN is_corporation THEN address_building END AS 施設方書,
    printf('%.6f', latitude) AS 緯度,
    printf('%.6f', longitude) AS 経度,
    CASE WHEN is_corporation AND starts_with(shop_phone, '(') THEN shop_phone END AS 施設電話番号,
    CASE WHEN is_corporation THEN corporate_name END AS 法人名,
    CASE WHEN is_corporation THEN corporate_number END AS 法人番号,
    permit_number AS 許可番号,
    strftime(first_permit_date, '%Y-%m-%d') AS 初回許可年月日,
    strftime(permit_date, '%Y-%m-%d') AS 許可年月日,
    strftime(valid_from_date, '%Y-%m-%d') AS 許可開始日,
    strftime(valid_to_date, '%Y-%m-%d') AS 許可満了日,
    strftime(closed_date, '%Y-%m-%d') AS 廃業年月日,
    CASE application_code
        WHEN '1' THEN '新規' WHEN '2' THEN '継続' WHEN '3' THEN '変更' WHEN '4' THEN '廃業'
    END AS 申請区分,
    CASE WHEN is_withheld THEN '屋号が営業者の氏名のため、施設名称を載せていません' END AS 備考
FROM judged
ORDER BY permit_number
