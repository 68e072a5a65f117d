"""Who may see work in the background, and who may steer it."""

from orion_core.web import requires

VIEW = [requires("core.view_background")]
MANAGE = [requires("core.manage_background")]
