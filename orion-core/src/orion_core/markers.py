"""The two pluggy markers that tie hook implementations to hook specifications."""

import pluggy

PROJECT = "orion"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
