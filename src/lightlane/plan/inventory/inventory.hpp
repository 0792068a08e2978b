#pragma once
/// Links as people keep them: a table of our own or of the field's tools, read row by row. A row that cannot
/// be taken is named with the reason and the rest goes on; what a row leaves open stays open.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightlane::plan {

struct InventoryEnd {
  std::string device, port;
  std::string type;  ///< PMD or module as written; empty: not said
  std::string seat;  ///< switch or cage of the catalogue that the port belongs to; empty: not said
  std::string mode;  ///< port mode, "4x100G"
  std::string fec;   ///< what the host runs: none, kr4, kp4
  bool operator==(const InventoryEnd&) const = default;
};

struct InventoryLink {
  std::size_t row = 0;  ///< line of a table, entry of a list, from 1
  std::string id;       ///< as written; may be empty
  InventoryEnd a, b;
  std::optional<double> length_m;
  std::string fibre;  ///< as written
  std::string path;   ///< cables from a to b, as `interop --path` takes them
  std::optional<int> connectors, splices;
  std::string connector;          ///< kind of the mated pairs
  std::optional<double> loss_db;  ///< measured, end to end
  std::optional<int> rate_gbps;
  std::string status;
  bool operator==(const InventoryLink&) const = default;
};

struct InventoryNote {
  std::size_t row = 0;
  bool skipped = false;  ///< the row is left out; else it was taken, and this is what to know of it
  std::string text;
};

struct Inventory {
  std::string file;
  std::string format;  ///< "table", "NetBox table", "NetBox REST", "SONiC links", "SONiC config_db"
  std::vector<InventoryLink> links;
  std::vector<InventoryNote> notes;  ///< in the order of the rows
  std::size_t rows = 0;              ///< without the header
  std::size_t skipped() const noexcept;
};

/// Recognises the format by its first octets and its columns. A table needs columns for the two ends
/// (`a_device, a_port, b_device, b_port`, or `side_a_device ...` of NetBox, or `StartDevice ...` of SONiC's
/// labs); `a_type, b_type, type, length_m (length_km, length_ft, length + length_unit, or a unit in the
/// cell), fibre, path, connectors, connector, splices, loss_db, rate_gbps, status, id, a_seat, a_mode, a_fec
/// ...` are read where they are. JSON: the cables of NetBox's REST interface (a page or a list), or a
/// config_db.json with DEVICE_NEIGHBOR. Throws InputError where nothing can be made of the file as a whole. A
/// million rows take some seconds.
Inventory read_inventory(std::string_view text, const std::string& file);

/// As a table of our own, which reads back as the same links.
std::string inventory_csv(const Inventory& inventory);

/// "300", "300 m", "0.3 km", "984 ft", "11811 in", "30000 cm", "0.2 mi": metres. None where it is none of
/// these. `unit`: of the column, where the cell has none; empty: metres.
std::optional<double> length_m_of(std::string_view text, std::string_view unit = {});

}  // namespace lightlane::plan
