"""What can go wrong in the catalogue, each with a stable code."""

from orion_core.errors import Conflict, InvalidInput, NotFound


class ProductNotFound(NotFound):
    code = "catalog_product_not_found"
    title = "There is no such product"


class VariantNotFound(NotFound):
    code = "catalog_variant_not_found"
    title = "There is no such variant"


class CategoryNotFound(NotFound):
    code = "catalog_category_not_found"
    title = "There is no such category"


class ImportNotFound(NotFound):
    code = "catalog_import_not_found"
    title = "There is no such import"


class CodeTaken(Conflict):
    code = "catalog_code_taken"
    title = "Another product of this store has this number or address"


class CategoryInUse(Conflict):
    code = "catalog_category_in_use"
    title = "This category has categories below it"


class NothingToSell(Conflict):
    code = "catalog_nothing_to_sell"
    title = "A product needs a variant before it can be published"


class ImportRunning(Conflict):
    code = "catalog_import_running"
    title = "Another import of this store is running; wait until it has ended"


class FeedUnusable(InvalidInput):
    code = "catalog_feed_unusable"
    title = "This file cannot be read as a product feed"


class FeedShrinks(Conflict):
    code = "catalog_feed_shrinks"
    title = "This feed would archive too many products"
