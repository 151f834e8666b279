SELECT
    getvariable('local_government_code') AS 全国地方公共団体コード,
    getvariable('prefecture') || getvariable('city') AS 地方公共団体名,
    department_name AS 制度所管組織,
    programme_id AS 支援制度ID,
    CASE kind_code
        WHEN '1' THEN '給付' WHEN '2' THEN '助成・補助' WHEN '3' THEN '貸付'
        WHEN '4' THEN '減免' WHEN '5' THEN '相談・サービス'
    END AS 支援制度種別,
    programme_name AS "タイトル（制度名）",
    common_name AS "サブタイトル（通称等）",
    target AS 対象者,
    getvariable('prefecture') || getvariable('city') AS 対象地域,
    outline AS 制度概要,
    content AS 内容,
    how_to_apply AS "利用・申請方法",
    season AS 募集時期,
    strftime(opening_date, '%Y-%m-%d') AS 受付開始日,
    strftime(closing_date, '%Y-%m-%d') AS 受付終了日,
    legal_basis AS 根拠法令,
    department_name AS お問い合わせ先,
    replace(keywords, '、', ';') AS キーワード,
    department_name AS 連絡先名称,
    phone AS 連絡先電話番号
FROM common.support_programmes
ORDER BY programme_id
