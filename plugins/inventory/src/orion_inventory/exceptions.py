"""What can go wrong in inventory, each with a stable code."""

from orion_core.errors import Conflict, InvalidInput, NotFound


class LocationNotFound(NotFound):
    code = "inventory_location_not_found"
    title = "There is no such location"


class InventoryNotFound(NotFound):
    code = "inventory_place_not_found"
    title = "This article is not kept there"


class TransferNotFound(NotFound):
    code = "inventory_transfer_not_found"
    title = "There is no such transfer"


class StocktakeNotFound(NotFound):
    code = "inventory_stocktake_not_found"
    title = "There is no such stocktake"


class LocationCodeTaken(Conflict):
    code = "inventory_location_code_taken"
    title = "Another location of this store has this code"


class NotEnoughStock(Conflict):
    code = "inventory_not_enough_stock"
    title = "There are not that many free pieces; what is promised to orders has to stay"


class NothingChanges(InvalidInput):
    code = "inventory_nothing_changes"
    title = "This would change nothing"


class NotAllCounted(Conflict):
    code = "inventory_not_all_counted"
    title = "Some places are not counted yet"


class CountClosed(Conflict):
    code = "inventory_count_closed"
    title = "The count is closed; open it again to change it"


class FileUnusable(InvalidInput):
    code = "inventory_file_unusable"
    title = "This file needs the columns sku, location and quantity"
