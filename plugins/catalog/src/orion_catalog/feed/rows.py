"""Turns the cells of one record into a checked product row, or into the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, NoReturn

from orion_catalog.feed import amounts, values
from orion_catalog.feed.columns import COLUMNS, DECIMAL_KINDS, OPTION_COLUMNS, REQUIRED, Column, Header, Kind
from orion_catalog.feed.errors import CellError, RowError, Warnings, shown
from orion_catalog.feed.product import FeedRow, product_row

# Cells of these kinds repeat from row to row, so what they parse to is remembered.
_REPEATING: frozenset[Kind] = DECIMAL_KINDS | {"quantity", "boolean", "choice", "path"}
_REMEMBERED = 4096
_BOOSTED = 7
_REMARKS = {
    "stock_conflict": "Quantity 0 but in stock: read as out of stock.",
    "sale_price_zero": "Sale price 0: read as no sale price.",
}


# Name, place in the row, longest text, parser: a plain tuple, which is unpacked for every cell.
_Step = tuple[str, int, int, Callable[[str], Any]]


class RowReader:
    """Checks rows in file order; of those it took it remembers hashes of ids and groups, never rows."""

    def __init__(
        self,
        header: Header,
        marks: Mapping[str, str],
        warnings: Warnings,
        *,
        currency: str,
        tax_rate: int | None,
    ) -> None:
        self._options = [name for name in OPTION_COLUMNS if name in header.known]
        self._positions = header.known
        self._extras = header.extras
        self._warnings = warnings
        self._tax_rate = tax_rate
        self._steps: list[_Step] = [
            (column.name, header.known[column.name], column.max_length, _parser(column, marks, currency))
            for column in COLUMNS
            if column.name in header.known
        ]
        # hash() is 8 bytes: two of a million ids meet by chance in one of 37 million files.
        self._ids: set[int] = set()
        self._group_tax: dict[int, int] = {}
        self.boosted = 0

    def read(self, row: int, line: int, cells: list[str]) -> FeedRow | RowError:
        found: dict[str, Any] = {}
        name = ""
        try:
            for name, position, max_length, parse in self._steps:
                text = cells[position].strip()
                if text:
                    if len(text) > max_length:
                        _refuse_length(max_length)
                    found[name] = parse(text)
            return self._checked(row, line, cells, found)
        except CellError as bad:
            column = bad.column or name
            value = cells[self._positions[column]]
            external_id = shown(cells[self._positions["id"]].strip()) or None
            return RowError(row, line, external_id, column, shown(value), bad.code, f"{column} {bad.reason}")

    def _checked(self, row: int, line: int, cells: list[str], found: dict[str, Any]) -> FeedRow:
        _check_required(found)
        key = hash(found["id"])
        if key in self._ids:
            raise CellError("duplicate_id", "stands in an earlier row already; each row needs its own", "id")
        remarks = _check_prices(found) + _check_stock(found)
        self._check_group(found)
        self._ids.add(key)
        self.boosted += found.get("boost_sort", 0) > _BOOSTED
        for code in remarks:
            self._warnings.add(code, _REMARKS[code], row=row)
        options = {name: found[name] for name in self._options if found.get(name)}
        extras = {name: text for name, at in self._extras if (text := values.raw_text(cells[at].strip()))}
        return product_row(row, line, found, options=options, extras=extras, warnings=remarks)

    def _check_group(self, found: dict[str, Any]) -> None:
        tax_rate = found.setdefault("tax_rate", self._tax_rate)
        group = found.get("item_group_id")
        if group is None or tax_rate is None:
            return
        first = self._group_tax.setdefault(hash(group), tax_rate)
        if first != tax_rate:
            raise CellError(
                "tax_rate_differs",
                f"is {tax_rate / 100:g} % where the first variant of the same product has {first / 100:g} %",
                "tax_rate",
            )


def _parser(column: Column, marks: Mapping[str, str], currency: str) -> Callable[[str], Any]:
    mark = marks.get(column.name, ".")
    parsers: dict[Kind, Callable[[str], Any]] = {
        "identifier": values.identifier,
        "text": values.line_of_text,
        "description": values.paragraphs,
        "url": values.web_address,
        "urls": values.web_addresses,
        "money": partial(amounts.money, mark=mark, default_currency=currency),
        "tax_rate": partial(amounts.tax_rate, mark=mark),
        "score": partial(amounts.score, mark=mark),
        "quantity": amounts.quantity,
        "boolean": values.boolean,
        "gtin": values.gtin,
        "choice": partial(values.choice, allowed=column.choices),
        "path": values.category_path,
    }
    parse = parsers[column.kind]
    return lru_cache(_REMEMBERED)(parse) if column.kind in _REPEATING else parse


def _refuse_length(max_length: int) -> NoReturn:
    raise CellError("too_long", f"is longer than {max_length:,} characters")


def _check_required(found: dict[str, Any]) -> None:
    for name in REQUIRED:
        if not found.get(name):
            raise CellError(f"missing_{name}", "is missing", name)


def _check_prices(found: dict[str, Any]) -> tuple[str, ...]:
    price, currency = found["price"]
    if price <= 0:
        raise CellError("price_not_positive", "is not above zero", "price")
    if "sale_price" not in found:
        return ()
    sale_price, sale_currency = found["sale_price"]
    if sale_price == 0:
        del found["sale_price"]
        return ("sale_price_zero",)
    if sale_price < 0:
        raise CellError("price_not_positive", "is below zero", "sale_price")
    if sale_currency != currency:
        raise CellError("currency_differs", f"is in {sale_currency}, the price in {currency}", "sale_price")
    if sale_price >= price:
        raise CellError("sale_price_not_lower", "is not below the price", "sale_price")
    return ()


def _check_stock(found: dict[str, Any]) -> tuple[str, ...]:
    quantity, availability = found.get("quantity"), found.get("availability")
    if quantity is None:
        return ()
    if availability is None:
        found["availability"] = "in_stock" if quantity else "out_of_stock"
    elif quantity == 0 and availability == "in_stock":
        found["availability"] = "out_of_stock"
        return ("stock_conflict",)
    return ()
