"""What can go wrong with carts, orders and invoices, each with a stable code."""

from orion_core.errors import Conflict, InvalidInput, NotFound


class CartNotFound(NotFound):
    """There is no such cart in this store."""

    code = "cart_not_found"
    title = "There is no such cart"


class OrderNotFound(NotFound):
    """There is no such order in this store, or not for this caller."""

    code = "order_not_found"
    title = "There is no such order"


class RecordNotFound(NotFound):
    """There is no such parcel, return, change, promotion or way of delivery."""

    code = "record_not_found"


class OfferCodeTaken(Conflict):
    """Another promotion or way of delivery of the store has this code."""

    code = "offer_code_taken"
    title = "Another one has this code"


class CartIncomplete(InvalidInput):
    """Something is missing that an order needs; the errors name it."""

    code = "cart_incomplete"
    title = "The order is not complete yet"


class NotForSale(InvalidInput):
    """The article is not, or no longer, on sale."""

    code = "not_for_sale"
    title = "This article is not on sale any more"


class OutOfStock(Conflict):
    """There are fewer pieces than asked for; ``available`` says how many, by variant."""

    code = "out_of_stock"
    title = "There is not enough left of this"


class TotalChanged(Conflict):
    """A price, a tax or the delivery changed since the buyer saw the total; nothing was ordered."""

    code = "total_changed"
    title = "The total has changed; please look at it again"


class PromotionRefused(InvalidInput):
    """The code is unknown, or does not apply to this cart."""

    code = "promotion_refused"
    title = "This code cannot be used here"


class CartIsClosed(Conflict):
    """The cart became an order, or was merged into another."""

    code = "cart_is_closed"
    title = "This cart was ordered already"


class GuardFailed(Conflict):
    """The step exists, but its condition is not met."""

    code = "guard_failed"
    title = "This step is not possible yet"


class TooManyPieces(Conflict):
    """More pieces were asked for than there are; ``available`` says how many, by item."""

    code = "too_many_pieces"
    title = "That many pieces are not left"


class TooMuchMoney(Conflict):
    """More would be given back than was paid, or the amount is not above zero."""

    code = "too_much_money"
    title = "That is more than was paid"


class InvoiceExceeded(Conflict):
    """Credit notes would come to more than the invoice they correct."""

    code = "invoice_exceeded"
    title = "That is more than was invoiced"
