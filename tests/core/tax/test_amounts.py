"""Sums with tax inside come apart to the cent: property tests."""

from hypothesis import given
from hypothesis import strategies as st

from orion_core.tax import GrossLine, net_of, split_gross
from orion_core.tax.amounts import tax_on

RATES = st.sampled_from([0, 300, 700, 800, 1300, 1400, 1600, 1700, 1900, 2000, 2100, 2500, 2550, 2700])
LINES = st.lists(st.tuples(st.integers(0, 10_000_000) | st.integers(0, 300), RATES), min_size=1, max_size=30)


def lines_of(drawn: list[tuple[int, int]]) -> list[GrossLine]:
    return [GrossLine(number, gross, "S" if rate_bp else "Z", rate_bp) for number, (gross, rate_bp) in enumerate(drawn)]


@given(LINES)
def test_parts_sum_to_the_whole(drawn: list[tuple[int, int]]) -> None:
    split = split_gross(lines_of(drawn))
    assert split.net_minor + split.tax_minor + split.rounding_minor == sum(gross for gross, _ in drawn)
    assert sum(split.net.values()) == split.net_minor
    assert set(split.net) == set(range(len(drawn)))
    assert all(0 <= split.net[number] <= gross for number, (gross, _) in enumerate(drawn))


@given(LINES)
def test_tax_is_what_the_rate_makes_of_the_net_sum(drawn: list[tuple[int, int]]) -> None:
    split = split_gross(lines_of(drawn))
    assert len({(group.category, group.rate_bp) for group in split.groups}) == len(split.groups)
    for group in split.groups:
        assert group.tax_minor == (2 * group.net_minor * group.rate_bp + 10_000) // 20_000
        members = [number for number, (_, rate_bp) in enumerate(drawn) if rate_bp == group.rate_bp]
        assert group.net_minor == sum(split.net[number] for number in members)
        assert abs(group.gross_minor - group.net_minor - group.tax_minor) <= 1


@given(LINES)
def test_a_line_strays_less_than_a_cent_from_its_share(drawn: list[tuple[int, int]]) -> None:
    split = split_gross(lines_of(drawn))
    for group in split.groups:
        for number, (gross, rate_bp) in enumerate(drawn):
            if rate_bp == group.rate_bp and group.gross_minor:
                assert abs(split.net[number] - gross * group.net_minor / group.gross_minor) < 1


@given(st.integers(0, 1_000_000), RATES)
def test_what_was_net_is_found_again(net: int, rate_bp: int) -> None:
    assert net_of(net + tax_on(net, rate_bp), rate_bp) == net


@given(st.integers(0, 1_000_000), RATES)
def test_no_other_net_sum_comes_closer(gross: int, rate_bp: int) -> None:
    found = net_of(gross, rate_bp)
    miss = abs(gross - found - tax_on(found, rate_bp))
    near = range(max(0, found - 3), found + 4)
    assert all(abs(gross - each - tax_on(each, rate_bp)) >= miss for each in near)


def test_a_sum_that_no_net_sum_leads_to_leaves_a_cent() -> None:
    split = split_gross([GrossLine(0, 4, "S", 1700)])
    assert (split.net_minor, split.tax_minor, split.rounding_minor) == (3, 1, 0)
    # 3 cents: 2 + 0 = 2 and 3 + 1 = 4
    assert split_gross([GrossLine(0, 3, "S", 1700)]).rounding_minor == 1


def test_nothing_costs_nothing() -> None:
    assert split_gross([]).groups == ()
    split = split_gross([GrossLine(7, 0, "S", 1700), GrossLine(9, 0, "S", 1700)])
    assert (split.net, split.rounding_minor) == ({7: 0, 9: 0}, 0)
