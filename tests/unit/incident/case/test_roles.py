"""Roles are sets of permissions; seeing identifiers is apart from leading a case."""

from cellwarden.incident.case.requests import KINDS
from cellwarden.incident.case.roles import ROLES, Permission


def holders(permission):
    return {role for role, held in ROLES.items() if permission in held}


def test_every_permission_is_held_by_some_role():
    assert [each for each in Permission if not holders(each)] == []


def test_who_leads_or_analyses_a_case_does_not_see_identifiers():
    assert holders(Permission.SEE_IDENTIFIERS) == {"care", "dpo"}


def test_a_reveal_is_approved_by_the_privacy_officer_or_counsel():
    assert holders(Permission.APPROVE_REVEAL) == {"counsel", "dpo"}


def test_every_kind_of_request_has_somebody_to_ask_and_somebody_to_approve():
    for ask, approve in KINDS.values():
        assert holders(ask)
        assert holders(approve)


def test_stewards_hand_out_roles_and_touch_no_case():
    assert ROLES["steward"] == {Permission.ASK_GRANT, Permission.APPROVE_GRANT}
