-- The list has a row a service; the standard has a row an office with its services. The places of an
-- office are told only where one of its services has any: added up they would count twice.
WITH words (service_code, word) AS (
    VALUES
    ('11', '訪問介護'), ('12', '訪問入浴'), ('13', '訪問看護'), ('14', '訪問リハビリ'), ('15', '通所介護'),
    ('16', '通所リハビリ'), ('17', '福祉用具貸与'), ('21', '短期入所生活介護'), ('22', '短期入所療養介護'),
    ('32', '認知症対応型共同生活介護'), ('33', '特定施設入居者生活介護'), ('41', '特定福祉用具販売'),
    ('43', '居宅介護支援'), ('51', '介護老人福祉施設'), ('52', '介護老人保健施設'),
    ('71', '夜間対応型訪問介護'), ('72', '認知症対応型通所介護'), ('73', '小規模多機能型居宅介護'),
    ('76', '定期巡回・随時対応型訪問介護看護'), ('78', '地域密着型通所介護')
),

offices AS (
    SELECT
        office_number,
        min_by(office_name, service_code) AS office_name,
        min_by(office_name_kana, service_code) AS office_name_kana,
        min_by(address, service_code) AS address,
        min_by(address_town, service_code) AS address_town,
        min_by(address_number, service_code) AS address_number,
        min_by(address_building, service_code) AS address_building,
        min_by(latitude, service_code) AS latitude,
        min_by(longitude, service_code) AS longitude,
        min_by(phone, service_code) AS phone,
        min_by(fax, service_code) AS fax,
        min_by(postal_code, service_code) AS postal_code,
        min_by(corporate_number, service_code) AS corporate_number,
        min_by(corporation_name, service_code) AS corporation_name,
        min_by(business_weekdays, service_code) AS business_weekdays,
        min_by(business_note, service_code) AS business_note,
        string_agg(words.word, ';' ORDER BY service_code) AS services,
        CASE WHEN count(capacity_count) = 1 THEN max(capacity_count) END AS capacity_count
    FROM common.care_services
    LEFT JOIN words USING (service_code)
    WHERE _period = (SELECT max(_period) FROM common.care_services)
    GROUP BY office_number
)

SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    office_number AS ID,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    office_name AS 介護サービス事業所名称,
    office_name_kana AS 介護サービス事業所名称_カナ,
    services AS 実施サービス,
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
    fax AS FAX番号,
    postal_code AS 郵便番号,
    corporate_number AS 法人番号,
    corporation_name AS 法人の名称,
    office_number AS 事業所番号,
    replace(business_weekdays, '・', '') AS 利用可能曜日,
    business_note AS 利用可能曜日特記事項,
    capacity_count AS 定員
FROM offices
ORDER BY office_number
