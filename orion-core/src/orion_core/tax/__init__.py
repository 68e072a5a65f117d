"""The tax decision service: which VAT a supply bears and why, and how sums with tax inside come apart to the cent."""

from orion_core.tax.amounts import GrossLine, VatGroup, VatSplit, net_of, split_gross
from orion_core.tax.decision import EU, Buyer, Seller, TaxDecision, decide_tax
from orion_core.tax.mentions import mention
from orion_core.tax.rates import UnknownTaxRate, find_rate

__all__ = [
    "EU",
    "Buyer",
    "GrossLine",
    "Seller",
    "TaxDecision",
    "UnknownTaxRate",
    "VatGroup",
    "VatSplit",
    "decide_tax",
    "find_rate",
    "mention",
    "net_of",
    "split_gross",
]
