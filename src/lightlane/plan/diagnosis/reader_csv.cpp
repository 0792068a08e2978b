// Tables: a snapshot, or a history with times. Wide (a column for each reading, of a lane by its number
// behind the name, or by a column "lane") or long (columns "quantity" and "value").

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/csv.hpp"
#include "lightlane/plan/diagnosis/reader_text.hpp"

namespace lightlane::plan::reading {
namespace {

struct Column {
  std::optional<Reading> reading;
  std::optional<ReadingFact> fact;
  std::size_t lane = 0;
  bool has_lane = false;
};

/// "rx_power_dbm", "rx_power_dbm_2", "rx2power", "RX2Power".
Column column_of(std::string_view text) {
  Column out;
  const std::string name = lower(trim(text));
  if ((out.reading = reading_named(name)) || (out.fact = fact_named(name))) return out;
  const std::size_t bar = name.rfind('_');
  if (bar != std::string::npos) {
    const auto lane = leading_number(std::string_view(name).substr(bar + 1));
    out.reading = reading_named(std::string_view(name).substr(0, bar));
    if (out.reading && lane && *lane >= 1 && *lane <= static_cast<double>(most_lanes)) {
      out.lane = static_cast<std::size_t>(*lane) - 1;
      out.has_lane = true;
      return out;
    }
    out.reading.reset();
  }
  const NumberedKey key = numbered(name);
  constexpr std::pair<std::string_view, Reading> others[] = {{"rx#power", Reading::rx_power_dbm},
                                                             {"tx#power", Reading::tx_power_dbm},
                                                             {"tx#bias", Reading::tx_bias_ma},
                                                             {"ber#", Reading::ber},
                                                             {"temperature", Reading::temperature_c},
                                                             {"voltage", Reading::voltage_v},
                                                             {"vcc", Reading::voltage_v}};
  for (const auto& [other, reading] : others) {
    if (key.key != other) continue;
    out.reading = reading;
    out.has_lane = contains(other, "#");
    out.lane = key.lane == 0 ? 0 : key.lane - 1;
  }
  return out;
}

/// Days since 1970-01-01 of the Gregorian calendar.
long days_of(long y, long m, long d) {
  y -= m <= 2 ? 1 : 0;
  const long era = (y >= 0 ? y : y - 399) / 400, year = y - era * 400;
  const long day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

/// Seconds since 1970 of "2026-11-20T18:48:00Z", "2026-11-20 18:48", "2026-11-20", or a number of seconds (of
/// milliseconds, where it is beyond the year 5138). Zones other than Z are read as UTC with their offset.
std::optional<double> time_of(std::string_view text) {
  text = trim(text);
  const auto digits = [&](std::size_t at, std::size_t count) -> long {
    long value = 0;
    if (at + count > text.size()) return -1;
    for (std::size_t i = at; i < at + count; ++i) {
      if (text[i] < '0' || text[i] > '9') return -1;
      value = value * 10 + (text[i] - '0');
    }
    return value;
  };
  if (text.size() >= 10 && text[4] == '-' && text[7] == '-') {
    const long y = digits(0, 4), m = digits(5, 2), d = digits(8, 2);
    if (y < 1970 || m < 1 || m > 12 || d < 1 || d > 31) return std::nullopt;
    double seconds = static_cast<double>(days_of(y, m, d)) * 86400;
    if (text.size() == 10) return seconds;
    const long hour = digits(11, 2), minute = digits(14, 2), second = text.size() >= 19 ? digits(17, 2) : 0;
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
    seconds += static_cast<double>(hour * 3600 + minute * 60 + second);
    const std::size_t zone = text.find_first_of("+-", 19);
    if (zone != std::string_view::npos && text.size() >= zone + 3) {
      const long h = digits(zone + 1, 2), mi = text.size() >= zone + 6 ? digits(zone + 4, 2) : 0;
      if (h >= 0 && mi >= 0)
        seconds -= (text[zone] == '+' ? 1.0 : -1.0) * static_cast<double>(h * 3600 + mi * 60);
    }
    return seconds;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0) || value > 1e15)
    return std::nullopt;
  return value > 1e11 ? value / 1000 : value;
}

class Table {
 public:
  Table(const std::string& file, const std::string& interface, DiagnosisInput& input)
      : file_(file), default_(interface), input_(input) {}

  void row(const CsvRow& row) {
    if (!row.problem.empty()) {
      input_.count(false, file_, row.line, row.problem);
    } else if (columns_.empty()) {
      head(row);
    } else {
      body(row);
    }
  }

  bool empty() const noexcept { return columns_.empty(); }

 private:
  void head(const CsvRow& row) {
    const CsvHeader header(row.cells);
    time_ = header.column({"time", "timestamp", "date", "datetime"});
    interface_ = header.column({"interface", "port", "ifname", "device", "if"});
    lane_ = header.column({"lane", "channel"});
    quantity_ = header.column({"quantity", "reading", "metric"});
    value_ = header.column({"value"});
    event_ = header.column({"event"});
    std::size_t known = 0;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      columns_.push_back(column_of(row.cells[i]));
      const int at = static_cast<int>(i);
      const bool role =
          at == time_ || at == interface_ || at == lane_ || at == quantity_ || at == value_ || at == event_;
      if (role) columns_.back() = {};
      if (columns_.back().reading || columns_.back().fact) ++known;
      if (!role && !columns_.back().reading && !columns_.back().fact)
        input_.count(false, file_, row.line, "column " + row.cells[i]);
    }
    if (known == 0 && (quantity_ < 0 || value_ < 0)) {
      throw InputError({fmt::format("{}:{}", file_, row.line), "has no column of a reading",
                        "time, interface, and rx_power_dbm_1 ...; or time, interface, quantity, lane, value",
                        "see lightlane diagnose --list-readings"});
    }
  }

  std::string_view cell(const CsvRow& row, int at) const {
    return at < 0 || static_cast<std::size_t>(at) >= row.cells.size()
               ? std::string_view()
               : row.cells[static_cast<std::size_t>(at)];
  }

  void body(const CsvRow& row) {
    std::optional<double> time;
    if (time_ >= 0) {
      time = time_of(cell(row, time_));
      if (!time) {
        input_.count(false, file_, row.line, fmt::format("time '{}'", cell(row, time_)));
        return;
      }
    }
    const std::string_view named = cell(row, interface_);
    const std::string interface(named.empty() ? std::string_view(default_) : named);
    std::size_t lane = 0;
    if (const std::string_view text = cell(row, lane_); !text.empty()) {
      const auto number = leading_number(text);
      if (!number || *number < 1 || *number > static_cast<double>(most_lanes)) {
        input_.count(false, file_, row.line, fmt::format("lane '{}'", text));
        return;
      }
      lane = static_cast<std::size_t>(*number) - 1;
    }
    if (cell(row, event_) == "flap") {
      Readings& r = input_.at(interface);
      const double before = r.get(Reading::flap_count);
      r.set(Reading::flap_count, 0, std::isnan(before) ? 1 : before + 1);
    }
    if (quantity_ >= 0 && value_ >= 0) {
      const Column column = column_of(cell(row, quantity_));
      value(row, column, column.has_lane ? column.lane : lane, cell(row, value_), interface, time);
    }
    for (std::size_t i = 0; i < std::min(columns_.size(), row.cells.size()); ++i) {
      if (!columns_[i].reading && !columns_[i].fact) continue;
      value(row, columns_[i], columns_[i].has_lane ? columns_[i].lane : lane, row.cells[i], interface, time);
    }
  }

  void value(const CsvRow& row, const Column& column, std::size_t lane, std::string_view text,
             const std::string& interface, std::optional<double> time) {
    if (no_value(text)) return;
    Readings& r = input_.at(interface);
    if (column.fact) {
      r.set(*column.fact, text);
      if (*column.fact == ReadingFact::pmd) r.pmd = pmd_of_text(text);
      input_.count(*column.fact != ReadingFact::pmd || r.pmd != nullptr, file_, row.line, text);
      return;
    }
    std::optional<double> number = leading_number(text);
    if (column.reading && info(*column.reading).unit == "flag") {
      const auto truth = truth_of(text);
      number = truth ? std::optional<double>(*truth ? 1 : 0) : std::nullopt;
    }
    // The latest is what it is now.
    bool ok = column.reading && number;
    if (ok) {
      Readings scratch;
      ok = scratch.set(*column.reading, lane, *number);
    }
    input_.count(ok, file_, row.line, text);
    if (!ok) return;
    double& latest = latest_[{interface, static_cast<int>(*column.reading) * 100 + static_cast<int>(lane)}];
    if (!time || *time >= latest) {
      r.set(*column.reading, lane, *number);
      latest = time.value_or(0);
    }
    if (time)
      input_.series(interface, *column.reading, lane)
          .samples.push_back(
              {*time, std::max(*number, info(*column.reading).low == -100 ? no_light_dbm : -INFINITY)});
  }

  const std::string& file_;
  const std::string& default_;
  DiagnosisInput& input_;
  std::vector<Column> columns_;
  int time_ = -1, interface_ = -1, lane_ = -1, quantity_ = -1, value_ = -1, event_ = -1;
  std::map<std::pair<std::string, int>, double> latest_;
};

}  // namespace

void read_csv_readings(std::string_view text, const std::string& file, const std::string& interface,
                       DiagnosisInput& input) {
  Table table(file, interface, input);
  read_csv(text, file, [&](const CsvRow& row) { table.row(row); });
  if (table.empty()) throw InputError({file, "is empty", "a head with names of columns", ""});
}

}  // namespace lightlane::plan::reading
