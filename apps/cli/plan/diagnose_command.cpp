#include "cli/plan/diagnose_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/exit_code.hpp"
#include "cli/plan/diagnose_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/budget/plan_file.hpp"
#include "lightlane/plan/diagnosis/reader.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Options = DiagnoseOptions;

catalog::Document read(const std::string& file) {
  if (file != "-") return catalog::read_document(file);
  return {"standard input", std::string(std::istreambuf_iterator<char>(std::cin), {})};
}

InputFormat format_for(const Options& o, const catalog::Document& document) {
  if (o.input_format != "auto") return *input_format_named(o.input_format);
  if (const auto seen = format_of(document.text, document.file)) return *seen;
  std::string names;
  for (const std::string_view name : input_format_names())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  throw InputError({document.file, "is in no format that is known", "--input-format " + names, ""});
}

void read_file(const Options& o, const std::string& file, const std::string& interface,
               DiagnosisInput& input) {
  const catalog::Document document = read(file);
  read_readings(document.text, document.file, format_for(o, document), interface, input);
}

bool by_hand(const Options& o) {
  return !o.set.empty() || !o.far_set.empty() || !o.rx_power_dbm.empty() || !o.tx_power_dbm.empty() ||
         !o.tx_bias_ma.empty() || !o.ber.empty() || !o.snr_db.empty() || !o.bins.empty() ||
         !o.temperature_c.empty() || !o.voltage_v.empty() || !o.oper.empty() || !o.fec.empty() ||
         !o.far_pmd.empty();
}

void set_pairs(Readings& r, const std::vector<std::string>& pairs, const std::string& flag) {
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos)
      throw ConfigError({flag, fmt::format("'{}' has no =", pair), "name=value", ""});
    const std::string name = pair.substr(0, equals);
    set_by_name(r, name, pair.substr(equals + 1), fmt::format("{} {}", flag, name));
  }
}

void set_by_flags(const Options& o, Readings& r) {
  const std::pair<const char*, const std::string*> flags[] = {{"rx_power_dbm", &o.rx_power_dbm},
                                                              {"tx_power_dbm", &o.tx_power_dbm},
                                                              {"tx_bias_ma", &o.tx_bias_ma},
                                                              {"ber", &o.ber},
                                                              {"snr_db", &o.snr_db},
                                                              {"bins", &o.bins},
                                                              {"temperature_c", &o.temperature_c},
                                                              {"voltage_v", &o.voltage_v},
                                                              {"oper_up", &o.oper},
                                                              {"fec", &o.fec}};
  for (const auto& [name, text] : flags) {
    if (text->empty()) continue;
    std::string flag = std::string("--") + (std::string_view(name) == "oper_up" ? "oper" : name);
    std::replace(flag.begin(), flag.end(), '_', '-');
    set_by_name(r, name, *text, flag);
  }
  set_pairs(r, o.set, "--set");
  if (o.far_set.empty() && o.far_pmd.empty()) return;
  if (r.far == nullptr) r.far = std::make_unique<Readings>();
  if (!o.far_pmd.empty()) r.far->pmd = &catalog::pmd_named(o.far_pmd, "--far-pmd");
  set_pairs(*r.far, o.far_set, "--far-set");
}

/// The interface that was asked for alone, with what the flags say of it.
void choose(const Options& o, DiagnosisInput& input) {
  if (!o.interface.empty() && !o.files.empty()) {
    Readings* found = input.find(o.interface);
    if (found == nullptr ||
        (input.interfaces.size() == 1 && found->interface != o.interface && !found->interface.empty())) {
      std::vector<std::string_view> names;
      for (const Readings& r : input.interfaces) names.push_back(r.interface);
      throw ConfigError({"--interface", fmt::format("'{}' was not read", o.interface),
                         similar_names(o.interface, names),
                         fmt::format("{} interfaces were read", names.size())});
    }
    DiagnosisInput one;
    one.interfaces.push_back(std::move(*found));
    for (ReadingSeries& s : input.history)
      if (s.interface == one.interfaces[0].interface) one.history.push_back(std::move(s));
    one.understood = input.understood, one.not_understood = input.not_understood;
    one.problems = input.problems, one.formats = input.formats;
    input = std::move(one);
  }
  if (!by_hand(o) && o.far.empty()) return;
  if (input.interfaces.empty()) input.at(o.interface);
  if (input.interfaces.size() > 1)
    throw ConfigError(
        {o.far.empty() ? "--set" : "--far", "is of one interface, and several were read", "--interface", ""});
}

void read_far(const Options& o, DiagnosisInput& input) {
  if (o.far.empty()) return;
  DiagnosisInput other;
  read_file(o, o.far, "", other);
  Readings* found = other.find(o.far_interface);
  if (found == nullptr)
    throw ConfigError({"--far-interface", fmt::format("'{}' was not read from {}", o.far_interface, o.far),
                       fmt::format("{} interfaces were", other.interfaces.size()), ""});
  input.interfaces[0].far = std::make_unique<Readings>(std::move(*found));
}

std::optional<Question> plant_of(const Options& o) {
  if (!o.plan.empty()) {
    if (any_given(o.plant))
      throw ConfigError({"--plan", "has the plant", "no flag of the plant beside it", ""});
    const catalog::Document document = catalog::read_document(o.plan);
    return read_plan(document.text, document.file);
  }
  if (!any_given(o.plant)) return std::nullopt;
  return question_of(o.plant);
}

RuleBook rules_of(const Options& o) {
  RuleBook book = builtin_rules();
  if (o.rules.empty()) return book;
  const catalog::Document document = catalog::read_document(o.rules);
  read_rules(document.text, document.file, book);
  return book;
}

int run_lists(const Options& o) {
  if (o.list_rules) {
    const RuleBook book = rules_of(o);
    if (o.format == "json") {
      fmt::print("{}\n", to_json(book).dump(2));
    } else {
      print_rules(book);
    }
  }
  if (o.list_features) print_features();
  if (o.list_readings) print_reading_names();
  return ok;
}

DiagnosisInput input_of(const Options& o) {
  DiagnosisInput input;
  for (const std::string& file : o.files) read_file(o, file, o.interface, input);
  choose(o, input);
  if (input.interfaces.empty())
    throw InputError({o.files[0], "has no readings of any interface", "",
                      "--input-format, if it is not " + input.formats[0]});
  read_far(o, input);
  if (by_hand(o)) set_by_flags(o, input.interfaces[0]);
  return input;
}

}  // namespace

int run_diagnose(const Options& o) {
  if (o.list_rules || o.list_features || o.list_readings) return run_lists(o);
  if (o.input_format != "auto" && !input_format_named(o.input_format)) {
    std::string names = "auto";
    for (const std::string_view name : input_format_names()) names += fmt::format(", {}", name);
    throw ConfigError({"--input-format", fmt::format("is '{}'", o.input_format), names, ""});
  }
  if (o.files.empty() && !by_hand(o) && o.far.empty())
    throw ConfigError({"FILE", "is missing", "files with readings, or readings by flags (--rx-power-dbm ...)",
                       "see lightlane diagnose --help"});
  if (o.interleaved && (*o.interleaved < 1 || *o.interleaved > 8))
    throw ConfigError({"--interleaved", fmt::format("is {}", *o.interleaved), "1 to 8", ""});
  DiagnosisConfig config;
  if (!o.pmd.empty()) config.pmd = &catalog::pmd_named(o.pmd, "--pmd");
  const RuleBook book = rules_of(o);
  config.rules = &book;
  config.plant = plant_of(o);
  config.interleaved = o.interleaved;
  DiagnosisInput input = input_of(o);
  config.details = input.interfaces.size() == 1 || o.details || o.format == "json";
  if (config.plant && config.plant->near != nullptr) {
    for (Readings& r : input.interfaces)
      if (r.pmd == nullptr) r.pmd = config.plant->near;
  }
  const auto list = with_flags([&] { return diagnose(input, config); });
  if (!o.svg.empty()) io::write_file(o.svg, diagnosis_svg(list.front(), input));
  if (o.format == "json") {
    fmt::print("{}\n", to_json(list, input).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    print_text(list, input, o.details);
  }
  return all_healthy(list) ? ok : limit_not_met;
}

}  // namespace lightlane::cli
