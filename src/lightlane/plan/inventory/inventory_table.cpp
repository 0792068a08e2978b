// Tables: our own, NetBox's export of cables, the links of SONiC's labs.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/csv.hpp"
#include "lightlane/plan/inventory/inventory_tables.hpp"

namespace lightlane::plan {
namespace {

/// Columns of a table; -1: it has none.
struct Columns {
  int id, status, fibre, path, connectors, connector, splices, loss, rate, mbps, length, unit;
  std::string_view length_unit;  ///< that the name of the column says
  struct End {
    int device, port, type, seat, mode, fec, kind;
  };
  End a, b;
  int type;  ///< of both ends
};

Columns::End end_columns(const CsvHeader& h, const std::string& letter, const std::string& other) {
  const auto column = [&](std::initializer_list<const char*> names) {
    for (const std::string& prefix :
         {letter + "_", "side_" + letter + "_", "termination_" + letter + "_", other}) {
      for (const char* name : names) {
        const std::string whole = prefix + name;
        if (const int found = h.column({std::string_view(whole)}); found >= 0) return found;
      }
    }
    return -1;
  };
  Columns::End out{};
  out.device = column({"device", "host", "switch", "node", "hostname"});
  out.port = column({"port", "interface", "name", "intf"});
  out.seat = column({"seat", "cage"});
  out.mode = column({"mode", "port_mode"});
  out.fec = column({"fec"});
  out.kind = h.column({std::string_view("side_" + letter + "_type")});  // NetBox: dcim.interface ...
  out.type = column({"module", "optic", "pmd", "transceiver", "port_type"});
  if (out.type < 0 && out.kind < 0) out.type = column({"type"});
  return out;
}

Columns columns_of(const CsvHeader& h) {
  Columns c{};
  c.id = h.column({"id", "link", "link_id", "label", "name", "circuit"});
  c.status = h.column({"status"});
  c.path = h.column({"path", "cables"});
  c.connectors = h.column({"connectors", "connector_pairs"});
  c.connector = h.column({"connector", "connector_type"});
  c.splices = h.column({"splices"});
  c.loss = h.column({"loss_db", "measured_loss_db", "loss"});
  c.rate = h.column({"rate_gbps", "rate", "speed_gbps"});
  c.mbps = h.column({"bandwidth", "speed"});
  c.unit = h.column({"length_unit", "unit"});
  const std::pair<std::string_view, std::string_view> lengths[] = {
      {"length_m", "m"},     {"length_km", "km"}, {"length_ft", "ft"},   {"distance_m", "m"},
      {"distance_km", "km"}, {"length (m)", "m"}, {"length (km)", "km"}, {"length (ft)", "ft"},
      {"length", ""},        {"distance", ""}};
  c.length = -1;
  for (const auto& [name, unit] : lengths) {
    if (c.length >= 0) break;
    c.length = h.column({name});
    c.length_unit = unit;
  }
  c.a = end_columns(h, "a", "start");
  c.b = end_columns(h, "b", "end");
  // NetBox's own `type` is that of the cable.
  const bool netbox = c.a.kind >= 0;
  c.fibre = h.column({"fibre", "fiber", "fibre_type", "fiber_type"});
  if (netbox && c.fibre < 0) c.fibre = h.column({"type"});
  c.type = netbox ? -1 : h.column({"type", "pmd", "optic", "module"});
  return c;
}

class TableReader {
 public:
  TableReader(Inventory& out, std::vector<std::string> header) : out_(out), header_(std::move(header)) {
    columns_ = columns_of(header_);
    if (columns_.a.device < 0 || columns_.b.device < 0) {
      throw InputError(
          {out_.file,
           fmt::format("has no column for {}: its columns are {}",
                       columns_.a.device < 0 ? "the device at end a" : "the device at end b",
                       fmt::join(header_.cells(), ", ")),
           "a_device, a_port, b_device, b_port and, where known, a_type, b_type, length_m, fibre ...", ""});
    }
    out_.format = columns_.a.kind >= 0                                     ? "NetBox table"
                  : header_.column({std::string_view("StartDevice")}) >= 0 ? "SONiC links"
                                                                           : "table";
  }

  void take(const CsvRow& row) {
    ++out_.rows;
    row_ = &row;
    good_ = true;
    if (!row.problem.empty()) return skip(row.problem);
    std::size_t cells = row.cells.size();
    while (cells > header_.cells().size() && row.cells[cells - 1].empty()) --cells;
    if (cells > header_.cells().size())
      return skip(fmt::format("has {} cells, the header {}", cells, header_.cells().size()));
    if (row.converted) note("is no UTF-8: read as Windows-1252");
    InventoryLink link = read();
    if (!good_ || !panel_free() || !accept_link(link, out_)) return;
    out_.links.push_back(std::move(link));
  }

 private:
  std::string cell(int column) const {
    return column < 0 || static_cast<std::size_t>(column) >= row_->cells.size()
               ? std::string()
               : row_->cells[static_cast<std::size_t>(column)];
  }
  void note(std::string text) { out_.notes.push_back({row_->line, false, std::move(text)}); }
  void skip(std::string text) {
    out_.notes.push_back({row_->line, true, std::move(text)});
    good_ = false;
  }

  template <class Number>
  std::optional<Number> number(int column, double low, double high, std::string_view what) {
    const std::string text = cell(column);
    if (text.empty()) return std::nullopt;
    Number value{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size() &&
        static_cast<double>(value) >= low && static_cast<double>(value) <= high)
      return value;
    if (good_) skip(fmt::format("{} is '{}', not {:g} to {:g}", what, text, low, high));
    return std::nullopt;
  }

  std::optional<double> length() {
    const std::string text = cell(columns_.length);
    if (text.empty()) return std::nullopt;
    const std::string unit = cell(columns_.unit);
    const auto metres = length_m_of(text, unit.empty() ? columns_.length_unit : std::string_view(unit));
    if (metres && *metres <= 1e6) return metres;
    if (good_) {
      skip(fmt::format("length is '{}{}{}', not 0 to 1000 km with a unit of m, km, cm, ft, in, mi", text,
                       unit.empty() ? "" : " ", unit));
    }
    return std::nullopt;
  }

  std::optional<int> rate() {
    if (const auto gbps = number<int>(columns_.rate, 1, 10000, "rate")) return gbps;
    const auto mbps = number<int>(columns_.mbps, 1, 10000000, "bandwidth");
    if (!mbps) return std::nullopt;
    return std::max(1, *mbps / 1000);
  }

  InventoryEnd end(const Columns::End& c) const {
    InventoryEnd out;
    out.device = cell(c.device);
    out.port = cell(c.port);
    out.type = cell(c.type);
    if (out.type.empty()) out.type = cell(columns_.type);
    out.seat = cell(c.seat);
    out.mode = cell(c.mode);
    out.fec = cell(c.fec);
    return out;
  }

  InventoryLink read() {
    InventoryLink link;
    link.row = row_->line;
    link.id = cell(columns_.id);
    link.a = end(columns_.a);
    link.b = end(columns_.b);
    link.length_m = length();
    link.fibre = fibre_word(cell(columns_.fibre));
    link.path = cell(columns_.path);
    link.connectors = number<int>(columns_.connectors, 0, 1000, "connectors");
    link.connector = cell(columns_.connector);
    link.splices = number<int>(columns_.splices, 0, 1000, "splices");
    link.loss_db = number<double>(columns_.loss, 0, 100, "loss");
    link.rate_gbps = rate();
    link.status = cell(columns_.status);
    return link;
  }

  /// NetBox: a cable that ends at a panel is a part of a link; which part, this table does not say.
  bool panel_free() {
    for (const int column : {columns_.a.kind, columns_.b.kind}) {
      const std::string kind = cell(column);
      if (kind.empty() || kind == "dcim.interface") continue;
      skip(fmt::format("ends at a {}, no interface", kind));
      return false;
    }
    return true;
  }

  Inventory& out_;
  CsvHeader header_;
  Columns columns_{};
  const CsvRow* row_ = nullptr;
  bool good_ = true;
};

}  // namespace

void read_inventory_table(std::string_view text, Inventory& out) {
  std::optional<TableReader> reader;
  read_csv(text, out.file, [&](const CsvRow& row) {
    if (reader) {
      reader->take(row);
    } else if (!row.problem.empty()) {
      throw InputError({fmt::format("{}:{}", out.file, row.line), "the header: " + row.problem, "", ""});
    } else if (row.cells.size() == 1 && row.cells[0].find('/') != std::string::npos &&
               row.cells[0].find(' ') == std::string::npos && text.size() < 4096) {
      throw InputError(
          {out.file,
           fmt::format("holds nothing but '{}': the text of a symbolic link, not its file", row.cells[0]),
           "a table or JSON of links", "fetch the file that it points to"});
    } else {
      reader.emplace(out, row.cells);
    }
  });
}

}  // namespace lightlane::plan
