"""The two pluggy markers that tie hook implementations to hook specifications, and how a hook is retired."""

import pluggy

PROJECT = "orion"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


def retired(*, since: str, gone_in: str, instead: str) -> DeprecationWarning:
    """Return what modules are told that still implement a hook, or take an argument, which is on its way out.

    Write ``@hookspec(warn_on_impl=retired(...))`` for a hook and ``@hookspec(warn_on_impl_args={"name":
    retired(...)})`` for an argument. Both work until the contract version that removes them.

    Args:
        since: Contract version that retired it.
        gone_in: Contract version that removes it, a major one.
        instead: What to write instead.
    """
    return DeprecationWarning(f"is retired since contract {since} and gone in {gone_in}; use {instead} instead")
