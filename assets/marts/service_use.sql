-- Long: one row a month, person, service, town, facility and detail. What holds for a time is counted
-- on the last day of each delivered month; what happens is counted in the month it happens in.
WITH months AS (
    SELECT DISTINCT dataset, day AS month, last_day(day) AS month_end FROM meta.periods
),

used AS (
    SELECT
        months.month,
        'child_allowance' AS service_code,
        held.child_id AS person_id,
        held.town,
        NULL::VARCHAR AS facility_name,
        held.age_band_code AS detail,
        1 AS quantity,
        held.monthly_amount_yen AS yen
    FROM months
    INNER JOIN common.child_allowance AS held
        ON held._valid_from <= months.month_end AND held._valid_to > months.month_end
    WHERE months.dataset = 'child_allowance'
    UNION ALL
    SELECT
        months.month,
        'child_rearing_allowance',
        held.claimant_id,
        held.town,
        NULL,
        held.payment_kind_code,
        1,
        held.monthly_amount_yen
    FROM months
    INNER JOIN common.child_rearing_allowance AS held
        ON held._valid_from <= months.month_end AND held._valid_to > months.month_end
    WHERE held.payment_kind_code <> '3' AND months.dataset = 'child_rearing_allowance'
    UNION ALL
    SELECT
        months.month,
        'long_term_care',
        held.resident_id,
        held.town,
        NULL,
        held.care_level_code,
        1,
        NULL
    FROM months
    INNER JOIN common.long_term_care AS held
        ON held._valid_from <= months.month_end AND held._valid_to > months.month_end
    WHERE held.certification_status_code = '01' AND months.dataset = 'long_term_care'
    UNION ALL
    SELECT
        months.month,
        'public_assistance',
        held.resident_id,
        held.town,
        NULL,
        held.household_category_code,
        1,
        held.total_aid_yen
    FROM months
    INNER JOIN common.public_assistance AS held
        ON held._valid_from <= months.month_end AND held._valid_to > months.month_end
    WHERE months.dataset = 'public_assistance'
    UNION ALL
    SELECT
        loan_month, 'library_loan', NULL, NULL, library_name, reader_category, loan_count, NULL
    FROM common.library_loans
    UNION ALL
    SELECT
        date_trunc('month', use_date),
        'facility_reservation',
        NULL,
        NULL,
        facility_name,
        purpose_code,
        1,
        fee_yen
    FROM common.facility_reservations
    WHERE status_code = '1'
    UNION ALL
    SELECT
        date_trunc('month', received_date),
        'electronic_application',
        resident_id,
        NULL,
        NULL,
        procedure_name,
        1,
        fee_yen
    FROM common.electronic_applications
    WHERE status_code <> '3'
    UNION ALL
    SELECT
        date_trunc('month', received_date), 'line_message', NULL, town, NULL, category_code, 1, NULL
    FROM common.line_messages
    UNION ALL
    SELECT
        date_trunc('month', received_date), 'citizen_voice', NULL, town, NULL, category_code, 1, NULL
    FROM common.citizen_voices
)

SELECT
    month::DATE AS month,
    service_code,
    person_id,
    town,
    facility_name,
    detail,
    sum(quantity)::BIGINT AS quantity,
    sum(yen)::BIGINT AS yen
FROM used
GROUP BY ALL
ORDER BY month, service_code, town, facility_name, detail
