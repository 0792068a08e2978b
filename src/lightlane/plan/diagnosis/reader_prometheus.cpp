// Text of a Prometheus scrape. Which metric is which reading is data: data/diagnosis/metrics.toml.

#include <algorithm>
#include <map>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/plan/diagnosis/reader_text.hpp"
#include "lightlane/plan/toml_reader.hpp"

LIGHTLANE_EMBED(lightlane_diagnosis_metrics, LIGHTLANE_DATA "/diagnosis/metrics.toml")

namespace lightlane::plan::reading {
namespace {

struct Metric {
  std::optional<Reading> reading;
  Monitor monitor = Monitor::rx_power;  ///< of a threshold
  std::string which, unit, lane_label;
  std::size_t first_lane = 0;
};

using Metrics = std::map<std::string, Metric, std::less<>>;

Metric read_metric(const TomlTable& t) {
  t.only(
      {"name", "reading", "threshold", "which", "unit", "lane_label", "first_lane", "source", "confidence"});
  t.need_text("source");
  t.need_text("confidence");
  Metric m;
  if (const auto text = t.text("reading")) {
    m.reading = reading_named(*text);
    if (!m.reading) t.fail("reading", "is none");
  } else {
    constexpr std::string_view names[monitor_count] = {"temperature", "voltage",  "tx_bias",
                                                       "tx_power",    "rx_power", "laser_temperature"};
    const std::string name = t.need_text("threshold");
    const auto at = std::find(std::begin(names), std::end(names), name);
    if (at == std::end(names)) t.fail("threshold", "is none");
    m.monitor = static_cast<Monitor>(at - std::begin(names));
    m.which = t.text("which").value_or("");
  }
  m.unit = t.text("unit").value_or("");
  m.lane_label = t.text("lane_label").value_or("");
  m.first_lane = static_cast<std::size_t>(t.integer("first_lane", 0, 1).value_or(0));
  return m;
}

const Metrics& metrics() {
  static const Metrics list = [] {
    Metrics out;
    const std::string file = "metrics.toml";
    const catalog::Node root = read_toml(lightlane_diagnosis_metrics(), file);
    for (const TomlTable& t : TomlTable(root, file).tables("metric"))
      out[t.need_text("name")] = read_metric(t);
    return out;
  }();
  return list;
}

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// Behind the brace; moves on past the closing one. False where the text is not well-formed.
bool read_labels(std::string_view& text, Labels& labels) {
  while (true) {
    text = trim(text);
    if (text.empty()) return false;
    if (text.front() == '}') {
      text.remove_prefix(1);
      return true;
    }
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = trim(text.substr(0, equals));
    text = trim(text.substr(equals + 1));
    if (text.empty() || text.front() != '"') return false;
    std::string value;
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      value += text[i];
    }
    if (i >= text.size()) return false;
    text.remove_prefix(i + 1);
    labels.emplace_back(name, std::move(value));
    text = trim(text);
    if (!text.empty() && text.front() == ',') text.remove_prefix(1);
  }
}

std::string_view label(const Labels& labels, std::string_view name) {
  for (const auto& [key, value] : labels)
    if (key == name) return value;
  return {};
}

double in_unit(double value, std::string_view unit) {
  if (unit == "mW") return dbm_of_mw(value);
  if (unit == "W") return dbm_of_mw(value * 1000);
  if (unit == "A") return value * 1000;
  return value;
}

bool take(const Metric& m, const Labels& labels, double value, DiagnosisInput& input) {
  std::string_view interface;
  for (const std::string_view name : {"interface", "device", "port", "ifname", "name"}) {
    interface = label(labels, name);
    if (!interface.empty()) break;
  }
  if (interface.empty()) return false;
  const double v = in_unit(value, m.unit);
  // What the kernel says of every interface does not make one of an optic.
  const bool of_any = m.reading == Reading::oper_up || m.reading == Reading::flap_count;
  const Readings* known = input.find(interface);
  if (of_any && (known == nullptr || known->interface != interface)) return true;
  if (!m.reading) return set_threshold(input.at(interface), m.monitor, m.which, v);
  std::size_t lane = 0;
  if (const std::string_view text = label(labels, m.lane_label); !m.lane_label.empty() && !text.empty()) {
    const auto number = leading_number(text);
    if (!number || *number < static_cast<double>(m.first_lane) || *number > 100) return false;
    lane = static_cast<std::size_t>(*number) - m.first_lane;
  }
  return input.at(interface).set(*m.reading, lane, v);
}

void take_line(std::string_view whole, std::size_t number, const std::string& file, DiagnosisInput& input) {
  const std::size_t end = std::min(whole.find_first_of("{ \t"), whole.size());
  const auto known = metrics().find(whole.substr(0, end));
  if (known == metrics().end()) {
    input.count(false, file, number, whole);
    return;
  }
  std::string_view rest = whole.substr(end);
  Labels labels;
  bool ok = true;
  if (!rest.empty() && rest.front() == '{') {
    rest.remove_prefix(1);
    ok = read_labels(rest, labels);
  }
  std::string_view words = trim(rest);
  if (ok && (starts_with(words, "NaN") || starts_with(words, "+Inf"))) return;  // no value
  if (starts_with(words, "-Inf")) words = "-inf";
  const auto value = leading_number(words);
  input.count(ok && value && take(known->second, labels, *value, input), file, number, whole);
}

}  // namespace

void read_prometheus(std::string_view text, const std::string& file, DiagnosisInput& input) {
  std::vector<std::pair<std::string_view, std::size_t>> kernel;  // read behind the optics
  std::string_view line;
  for (std::size_t number = 1; next_line(text, line); ++number) {
    const std::string_view whole = trim(line);
    if (whole.empty() || whole.front() == '#') continue;
    if (starts_with(whole, "node_network_")) {
      kernel.emplace_back(whole, number);
    } else {
      take_line(whole, number, file, input);
    }
  }
  for (const auto& [whole, number] : kernel) take_line(whole, number, file, input);
}

}  // namespace lightlane::plan::reading
