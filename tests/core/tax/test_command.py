"""`orion core tax`: why 0 %?"""

from typer.testing import CliRunner

from orion_core.tax.command import app


def ask(*arguments: str) -> str:
    answer = CliRunner().invoke(app, ["tax", *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_command_tells_rate_and_reason() -> None:
    text = ask("--seller", "lu", "--buyer", "fr", "--vat-number", "FR40303265045", "--on", "2026-03-01")
    assert "0 % of LU (intra_eu_goods, category K)" in text
    assert "because: goods of class standard from LU to FR on 2026-03-01" in text
    assert "VATEX-EU-IC" in text


def test_the_command_takes_an_amount_apart() -> None:
    text = ask("--seller", "LU", "--buyer", "FI", "--oss", "--on", "2026-03-01", "--gross", "12550")
    assert "25.5 % of FI (oss, category S)" in text
    assert "of 125.50: 100.00 net, 25.50 tax, 0 cent" in text
