"""``orion doctor``: looks at the whole installation and tells, for all that is wrong, the cause and what to do."""

from orion_host.doctor.examination import examine
from orion_host.doctor.finding import Finding

__all__ = ["Finding", "examine"]
