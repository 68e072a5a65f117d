"""The orders module's tables; importing this package maps them all."""

from orion_orders.models.base import Base
from orion_orders.models.carts import Cart, CartLine
from orion_orders.models.fulfilments import (
    Fulfilment,
    FulfilmentItem,
    OrderChange,
    OrderReturn,
    ReturnItem,
)
from orion_orders.models.invoices import Invoice, InvoiceSeries
from orion_orders.models.offers import Promotion, ShippingMethod
from orion_orders.models.orders import UNINVOICED, Order, OrderCredit, OrderEvent, OrderItem, OrderPayment

__all__ = [
    "UNINVOICED",
    "Base",
    "Cart",
    "CartLine",
    "Fulfilment",
    "FulfilmentItem",
    "Invoice",
    "InvoiceSeries",
    "Order",
    "OrderChange",
    "OrderCredit",
    "OrderEvent",
    "OrderItem",
    "OrderPayment",
    "OrderReturn",
    "Promotion",
    "ReturnItem",
    "ShippingMethod",
]
