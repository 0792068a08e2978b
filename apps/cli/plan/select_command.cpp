#include "cli/plan/select_command.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cli/exit_code.hpp"
#include "cli/plan/select_report.hpp"
#include "lightlane/base/error.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

catalog::PmdConnector connector_of(const std::string& word) {
  using catalog::PmdConnector;
  if (word.empty()) return PmdConnector::unknown;
  const std::pair<std::string_view, PmdConnector> words[] = {
      {"lc", PmdConnector::lc_duplex},          {"lc-duplex", PmdConnector::lc_duplex},
      {"lc-simplex", PmdConnector::lc_simplex}, {"mpo12", PmdConnector::mpo12},
      {"mpo16", PmdConnector::mpo16},           {"mpo24", PmdConnector::mpo24}};
  for (const auto& [name, connector] : words)
    if (catalog::same_name(word, name)) return connector;
  if (catalog::same_name(word, "mpo-12")) return PmdConnector::mpo12;
  if (catalog::same_name(word, "mpo-16")) return PmdConnector::mpo16;
  if (catalog::same_name(word, "mpo-24")) return PmdConnector::mpo24;
  throw ConfigError({"--plant-connector", "is '" + word + "'", "lc, lc-simplex, mpo12, mpo16, mpo24", ""});
}

RankBy rank_of(const std::string& word) {
  for (const RankBy by : {RankBy::price, RankBy::power, RankBy::margin})
    if (word == name(by)) return by;
  throw ConfigError({"--rank-by", "is '" + word + "'", "price, power, margin", ""});
}

Price price_of(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  Price out;
  if (equals != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + equals + 1, end, out.each);
    if (read.ec == std::errc() && read.ptr == end) {
      out.name = text.substr(0, equals);
      return out;
    }
  }
  throw ConfigError({"--price", "is '" + text + "'", "name=number, like 400GBASE-DR4=450", ""});
}

Requirements requirements_of(const SelectOptions& o) {
  Requirements r;
  r.rate_gbps = o.rate_gbps;
  r.plant = question_of(o.plant);
  r.plant_connector = connector_of(o.plant_connector);
  r.fibres = o.fibres;
  if (!o.in.empty()) plug_into(r.seat, o.in, "--in");
  if (!o.far.empty()) r.far = link_end(o.far, "--far");
  if (!o.far_in.empty()) {
    if (!r.far) throw ConfigError({"--far-in", "is given without --far", "both, or neither", ""});
    plug_into(*r.far, o.far_in, "--far-in");
  }
  r.power_max_w = o.power_max_w;
  r.latency_max_ns = o.latency_max_ns;
  r.price_max = o.price_max;
  r.case_temperature_c = o.case_temperature_c;
  for (const std::string& price : o.prices) r.prices.push_back(price_of(price));
  if (!o.rank_by.empty()) r.rank_by = rank_of(o.rank_by);
  return r;
}

}  // namespace

int run_select(const SelectOptions& o) {
  const Selection selection = with_flags([&] { return select(requirements_of(o)); });
  if (o.format == "json") {
    fmt::print("{}\n", to_json(selection).dump(2));
  } else if (o.format == "csv") {
    print_csv(selection);
  } else {
    print_text(selection, o.all);
  }
  const InteropVerdict best = selection.candidates.front().verdict;
  return best == InteropVerdict::ok || best == InteropVerdict::conditional ? ok : limit_not_met;
}

}  // namespace lightlane::cli
