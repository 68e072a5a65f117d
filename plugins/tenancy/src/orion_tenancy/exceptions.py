"""What can go wrong with tenants and staff, each with a stable code."""

from orion_core.errors import Conflict, NotFound, PermissionDenied, Unauthenticated


class CodeTaken(Conflict):
    code = "tenancy_code_taken"
    title = "This code is already in use"


class EmailTaken(Conflict):
    code = "tenancy_email_taken"
    title = "There is already a user with this e-mail address"


class DomainTaken(Conflict):
    code = "tenancy_domain_taken"
    title = "This domain is already in use"


class IllegalMerchantTransition(Conflict):
    code = "tenancy_illegal_merchant_transition"
    title = "The merchant cannot go from its present state to that one"


class MerchantNotActive(Conflict):
    code = "tenancy_merchant_not_active"
    title = "Only an active merchant can open stores"


class ModuleIsCore(Conflict):
    code = "tenancy_module_is_core"
    title = "Core modules are always on"


class ModuleIsNeeded(Conflict):
    code = "tenancy_module_is_needed"
    title = "Other modules need this one"


class ModuleNeedsOthers(Conflict):
    code = "tenancy_module_needs_others"
    title = "This module needs others that are switched off"


class ModuleRefuses(Conflict):
    code = "tenancy_module_refuses"
    title = "This module cannot be switched on"


class SignInRefused(Unauthenticated):
    """Deliberately one answer for an unknown address, a wrong password and a deactivated account."""

    code = "tenancy_sign_in_refused"
    title = "The e-mail address or the password is wrong"


class InvitationInvalid(NotFound):
    code = "tenancy_invitation_invalid"
    title = "This invitation has expired or was already used"


class AlreadyMember(Conflict):
    code = "tenancy_already_member"
    title = "This person is already in the team"


class RoleInUse(Conflict):
    code = "tenancy_role_in_use"
    title = "This role still has members or open invitations"


class CannotGrant(PermissionDenied):
    code = "tenancy_cannot_grant"
    title = "You can only grant permissions that you hold yourself"


class CannotChangeSelf(PermissionDenied):
    code = "tenancy_cannot_change_self"
    title = "Ask somebody else to change your own access"
