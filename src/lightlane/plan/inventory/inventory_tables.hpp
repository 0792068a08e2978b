#pragma once
/// The single formats of read_inventory().

#include "lightlane/plan/inventory/inventory.hpp"

namespace lightlane::plan {

void read_inventory_table(std::string_view text, Inventory& out);
void read_inventory_json(std::string_view text, Inventory& out);

/// Notes on a link that are the same for every format: ends missing, a cable from a port to itself, copper.
/// False where the row is to be left out.
bool accept_link(const InventoryLink& link, Inventory& out);

/// "smf-os2", "mmf-om4", "smf" as NetBox writes them: the name of the catalogue; anything else as it is.
std::string fibre_word(std::string_view text);

}  // namespace lightlane::plan
