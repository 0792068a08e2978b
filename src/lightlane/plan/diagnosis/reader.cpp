#include "lightlane/plan/diagnosis/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/diagnosis/reader_text.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

using namespace reading;

constexpr std::string_view format_names[] = {"toml", "csv",      "sonic",   "sonic-json",   "nxos",
                                             "eos",  "eos-json", "ethtool", "ethtool-json", "prometheus"};

constexpr std::string_view monitor_names[monitor_count] = {
    "temperature_c", "voltage_v", "tx_bias_ma", "tx_power_dbm", "rx_power_dbm", "laser_temperature_c"};

bool ends_with(std::string_view text, std::string_view with) noexcept {
  return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

InputFormat json_format(std::string_view head) noexcept {
  if (contains(head, "TRANSCEIVER_") || contains(head, "PORT|") || contains(head, "\"PORT"))
    return InputFormat::sonic_json;
  if (contains(head, "\"interfaces\"")) return InputFormat::eos_json;
  if (contains(head, "identifier") || contains(head, "module_temperature")) return InputFormat::ethtool_json;
  return contains(head, "|Ethernet") || contains(head, "COUNTERS") ? InputFormat::sonic_json
                                                                   : InputFormat::ethtool_json;
}

void check_word(ReadingFact fact, std::string_view text, const std::string& place) {
  const auto known = words(fact);
  if (known.empty() || std::find(known.begin(), known.end(), text) != known.end()) return;
  throw ConfigError({place, fmt::format("is '{}'", text), fmt::format("{}", fmt::join(known, ", ")), ""});
}

void set_numbers(Readings& r, Reading reading, const std::vector<double>& values, const std::string& place) {
  const ReadingInfo& about = info(reading);
  if (about.scope == ReadingScope::module && values.size() != 1)
    throw ConfigError(
        {place, fmt::format("has {} values", values.size()), "one: it is of the whole module", ""});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    if (r.set(reading, i, values[i])) continue;
    const std::string lane = values.size() > 1 ? fmt::format("lane {} ", i + 1) : "";
    if (i >= most_lanes)
      throw ConfigError({place, lane + "is one too many", fmt::format("{} lanes", most_lanes), ""});
    throw ConfigError(
        {place, fmt::format("{}is {:g} {}", lane, values[i], about.unit),
         about.unit == "flag" ? "0 or 1" : fmt::format("{:g} to {:g} {}", about.low, about.high, about.unit),
         ""});
  }
}

void set_bins(Readings& r, const std::vector<double>& values, const std::string& place) {
  if (values.size() < 2 || values.size() > 17)
    throw ConfigError({place, fmt::format("has {} bins", values.size()), "2 to 17, from no error on", ""});
  for (const double v : values)
    if (!(v >= 0) || v > 1e18)
      throw ConfigError({place, fmt::format("has {:g}", v), "0 to 1e18 codewords", ""});
  r.bins.codewords = values;
}

std::vector<double> numbers_of(std::string_view text, Reading reading, const std::string& place) {
  std::vector<double> out;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view word = trim(part);
    if (info(reading).unit == "flag") {
      const auto truth = truth_of(word);
      if (!truth) throw ConfigError({place, fmt::format("is '{}'", word), "0, 1, no, yes, down, up", ""});
      out.push_back(*truth ? 1 : 0);
      continue;
    }
    if (no_value(word)) {
      out.push_back(NAN);
      continue;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool dark = word == "-inf";
    if (!dark && (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value)))
      throw ConfigError({place, fmt::format("has '{}', which is no number", word),
                         fmt::format("numbers in {}, lane by lane, - for a lane that was not read",
                                     info(reading).unit.empty() ? "no unit" : info(reading).unit),
                         ""});
    out.push_back(dark ? no_light_dbm : value);
  }
  return out;
}

[[noreturn]] void no_such(std::string_view name, const std::string& place) {
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < reading_count; ++i) known.push_back(info(static_cast<Reading>(i)).name);
  for (std::size_t i = 0; i < fact_count; ++i) known.push_back(plan::name(static_cast<ReadingFact>(i)));
  const std::string similar = similar_names(name, known);
  throw ConfigError({place, fmt::format("'{}' is no reading and no fact", name), similar,
                     "see lightlane diagnose --list-readings"});
}

// -- by hand

class Hand {
 public:
  explicit Hand(const std::string& file) : file_(file) {}

  void interface(const TomlTable& t, Readings& r, bool with_far) const {
    std::vector<std::string_view> keys = {"name", "bins", "sibling_subports", "thresholds"};
    if (with_far) keys.push_back("far");
    for (std::size_t i = 0; i < reading_count; ++i) keys.push_back(info(static_cast<Reading>(i)).name);
    for (std::size_t i = 0; i < fact_count; ++i) keys.push_back(plan::name(static_cast<ReadingFact>(i)));
    t.only(keys);
    for (std::size_t i = 0; i < reading_count; ++i) number(t, r, static_cast<Reading>(i));
    for (std::size_t i = 0; i < fact_count; ++i) fact(t, r, static_cast<ReadingFact>(i));
    if (const auto bins = t.numbers("bins", 0, 1e18)) placed(t, "bins", [&] { set_bins(r, *bins, ""); });
    if (const auto subports = t.numbers("sibling_subports", 0, 64))
      for (const double s : *subports) r.sibling_subports.push_back(static_cast<int>(s));
    if (const auto limits = t.table("thresholds")) thresholds(*limits, r);
    if (!with_far) return;
    if (const auto far = t.table("far")) {
      r.far = std::make_unique<Readings>();
      interface(*far, *r.far, false);
    }
  }

 private:
  template <class Run>
  void placed(const TomlTable& t, std::string_view key, Run run) const {
    try {
      run();
    } catch (const ConfigError& error) {
      t.fail(key, error.detail().problem, error.detail().allowed, error.detail().hint);
    }
  }

  void number(const TomlTable& t, Readings& r, Reading reading) const {
    const ReadingInfo& about = info(reading);
    if (!t.contains(about.name)) return;
    if (about.scope != ReadingScope::module) {
      std::vector<double> values;
      if (about.unit == "flag") {
        values = t.numbers(about.name, 0, 1).value_or(std::vector<double>());
      } else {
        values = t.numbers(about.name, std::min(about.low, -1e9), 1e18).value_or(std::vector<double>());
      }
      placed(t, about.name, [&] { set_numbers(r, reading, values, ""); });
      return;
    }
    if (about.unit == "flag") {
      r.set(reading, 0, *t.flag(about.name) ? 1 : 0);
      return;
    }
    r.set(reading, 0, t.need_number(about.name, about.low, about.high));
  }

  void fact(const TomlTable& t, Readings& r, ReadingFact fact) const {
    const auto text = t.text(plan::name(fact));
    if (!text) return;
    placed(t, plan::name(fact), [&] { check_word(fact, *text, ""); });
    r.set(fact, *text);
    if (fact == ReadingFact::pmd)
      r.pmd = t.named("pmd", [](const std::string& n) { return &catalog::pmd_named(n, "pmd"); });
    if (fact == ReadingFact::module && r.pmd == nullptr) r.pmd = pmd_of_text(*text);
  }

  static void thresholds(const TomlTable& t, Readings& r) {
    t.only(std::vector<std::string_view>(std::begin(monitor_names), std::end(monitor_names)));
    for (std::size_t i = 0; i < monitor_count; ++i) {
      const auto values = t.numbers(monitor_names[i], -1000, 1000);
      if (!values) continue;
      if (values->size() != 4 || !std::is_sorted(values->rbegin(), values->rend()))
        t.fail(monitor_names[i], "has no four falling values",
               "[high alarm, high warning, low warning, low alarm]");
      r.thresholds[i] = {(*values)[0], (*values)[1], (*values)[2], (*values)[3]};
    }
  }

  const std::string& file_;
};

}  // namespace

void reading::read_toml_readings(std::string_view text, const std::string& file, DiagnosisInput& input) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable document(root, file);
  document.only({"interface"});
  const Hand hand(file);
  const auto tables = document.tables("interface");
  if (tables.empty()) throw InputError({file, "has no interface", "[[interface]] tables", ""});
  for (const TomlTable& t : tables) {
    const std::string name = t.text("name").value_or("");
    if (tables.size() > 1 && name.empty()) t.fail("name", "is missing: there is more than one interface");
    hand.interface(t, input.at(name), true);
    ++input.understood;
  }
}

std::string_view name(InputFormat format) noexcept { return format_names[static_cast<std::size_t>(format)]; }
std::span<const std::string_view> input_format_names() noexcept { return format_names; }

std::optional<InputFormat> input_format_named(std::string_view text) noexcept {
  for (std::size_t i = 0; i < std::size(format_names); ++i)
    if (format_names[i] == text) return static_cast<InputFormat>(i);
  return std::nullopt;
}

std::optional<InputFormat> format_of(std::string_view text, std::string_view file) noexcept {
  const std::string_view body = trim(text), head = body.substr(0, 20000);
  if (starts_with(body, "[[interface")) return InputFormat::toml;
  if (starts_with(body, "{") || (starts_with(body, "[") && !ends_with(file, ".toml")))
    return json_format(head);
  if (ends_with(file, ".toml") || contains(head, "\n[[interface]]")) return InputFormat::toml;
  if (ends_with(file, ".csv") || ends_with(file, ".tsv")) return InputFormat::csv;
  if (ends_with(file, ".prom") || starts_with(body, "# HELP") || starts_with(body, "# TYPE") ||
      contains(head, "\"} "))
    return InputFormat::prometheus;
  if (contains(head, "transceiver is ") || contains(head, "Lane Number:")) return InputFormat::nxos;
  if (contains(head, "EEPROM detected") || contains(head, "EEPROM Not detected") ||
      contains(head, "ChannelMonitorValues") || contains(head, "on media lane") ||
      contains(head, "FEC_CORR") || contains(head, "Symbol Errors Per Codeword"))
    return InputFormat::sonic;
  if (contains(head, "Bias      Optical") || contains(head, "If device is externally") ||
      contains(head, "Optical RX power"))
    return InputFormat::eos;
  if (contains(head, "Identifier     ") || contains(head, "ethtool -m") ||
      contains(head, "Module temperature"))
    return InputFormat::ethtool;
  std::string_view rest = head, line;
  if (next_line(rest, line) && (contains(line, ",") || contains(line, ";") || contains(line, "\t")))
    return InputFormat::csv;
  return std::nullopt;
}

void read_readings(std::string_view text, const std::string& file, InputFormat format,
                   const std::string& interface, DiagnosisInput& input) {
  if (starts_with(text, "\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos && format != InputFormat::csv)
    throw InputError({file, "is binary", "text", ""});
  input.formats.emplace_back(name(format));
  const std::size_t before = input.understood;
  switch (format) {
    case InputFormat::toml:
      read_toml_readings(text, file, input);
      break;
    case InputFormat::csv:
      read_csv_readings(text, file, interface, input);
      break;
    case InputFormat::sonic:
      read_sonic(text, file, interface, input);
      break;
    case InputFormat::sonic_json:
      read_sonic_json(text, file, input);
      break;
    case InputFormat::nxos:
      read_nxos(text, file, interface, input);
      break;
    case InputFormat::eos:
      read_eos(text, file, interface, input);
      break;
    case InputFormat::eos_json:
      read_eos_json(text, file, input);
      break;
    case InputFormat::ethtool:
      read_ethtool(text, file, interface, input);
      break;
    case InputFormat::ethtool_json:
      read_ethtool_json(text, file, interface, input);
      break;
    case InputFormat::prometheus:
      read_prometheus(text, file, input);
      break;
  }
  if (input.understood > before) return;
  throw InputError(
      {file, fmt::format("has nothing that can be read as {}", name(format)),
       fmt::format("--input-format {}", fmt::join(format_names, ", ")),
       input.problems.empty() ? "" : fmt::format("the first: '{}'", input.problems.front().text)});
}

void set_by_name(Readings& r, std::string_view name, std::string_view text, const std::string& place) {
  if (name == "bins") {
    std::vector<double> values;
    for (const std::string_view part : split(text, ',')) {
      const auto value = leading_number(part);
      if (!value) throw ConfigError({place, fmt::format("has '{}', which is no number", part), "", ""});
      values.push_back(*value);
    }
    set_bins(r, values, place);
    return;
  }
  if (const auto reading = reading_named(name)) {
    set_numbers(r, *reading, numbers_of(text, *reading, place), place);
    return;
  }
  const auto fact = fact_named(name);
  if (!fact) no_such(name, place);
  check_word(*fact, text, place);
  r.set(*fact, text);
  if (*fact == ReadingFact::pmd) r.pmd = &catalog::pmd_named(text, place);
  if (*fact == ReadingFact::module && r.pmd == nullptr) r.pmd = pmd_of_text(text);
}

}  // namespace lightlane::plan
