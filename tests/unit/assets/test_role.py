"""Roles as their editors meet them."""

import pytest

from assets.register import load_register
from tests.unit.assets.declaring import fault_of, write_register

GRANT = {"zone": "internal", "schemas": ["common"], "classifications": ["庁内"]}


def _role(*, audited=False, **changes):
    grants = [{**GRANT, **changes}]
    return {"title": "係", "description": "試験", "audited": audited, "grants": grants}


def _write(root, role):
    return write_register(root, **{"roles/office.yaml": role})


def test_without_roles_of_its_own_a_register_has_the_shipped_ones(tmp_path):
    roles = load_register(write_register(tmp_path)).roles
    assert {"analyst", "policy_office", "open_data_officer", "data_engineer"} <= set(roles)


def test_only_audited_roles_see_the_secure_zone(tmp_path):
    fault = fault_of(_write(tmp_path / "a", _role(zone="secure")))
    assert "audited" in fault.message
    assert load_register(_write(tmp_path / "b", _role(audited=True, zone="secure"))).roles


def test_no_shipped_role_but_the_engineers_sees_the_secure_zone():
    roles = load_register().roles
    assert [n for n, r in roles.items() if any(g.zone == "secure" for g in r.grants)] == [
        "data_engineer"
    ]
    assert all("特定個人" not in g.classifications for r in roles.values() for g in r.grants)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"datasets": ["usres"]}, "usres"),
        ({"without_datasets": ["usres"]}, "usres"),
        ({"departments": ["citizen"]}, "citizen"),
        ({"without_departments": ["citizen"]}, "citizen"),
        ({"without_columns": ["users.twon"]}, "twon"),
    ],
)
def test_a_slip_in_a_role_is_told_because_it_would_grant_or_withhold_in_silence(
    tmp_path, changes, word
):
    fault = fault_of(_write(tmp_path, _role(**changes)))
    assert word in fault.message
    assert "使える語" in fault.remedy


def test_a_grant_needs_its_classes(tmp_path):
    role = _role()
    del role["grants"][0]["classifications"]
    assert "classifications" in fault_of(_write(tmp_path, role)).path


def test_the_default_role_sees_no_rows_of_taxpayers_and_patients():
    register = load_register()
    guarded = {"tax", "family_registry", "welfare", "health"}
    grants = register.roles["analyst"].grants
    for name, dataset in register.datasets.items():
        seen = any(g.covers("internal", "common", name, {dataset.department}) for g in grants)
        assert seen == (dataset.department not in guarded), name
    tax = register.roles["tax_analyst"].grants
    assert any(g.covers("internal", "common", "resident_tax", {"tax"}) for g in tax)
    assert not any(g.covers("internal", "common", "resident_register", {"residents"}) for g in tax)
