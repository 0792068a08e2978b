#include "cli/pattern_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/scrambled_idle_command.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/math/statistics.hpp"
#include "lightlane/pma/pattern_checker.hpp"
#include "lightlane/pma/patterns.hpp"
#include "lightlane/pma/symbol_text.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using signal::Modulation;

constexpr const char* scrambled_idle_name = "scrambled_idle";
constexpr double confidence = 0.95;
constexpr std::uint64_t default_period = 65535;  // longest one that is written without being asked for
constexpr std::uint64_t most_symbols = 1'000'000'000'000;  // a terabyte of text
constexpr std::size_t symbols_at_once = 1u << 16;          // a multiple of 8 bits, as hex needs it

const pma::PatternInfo& pattern_of(const std::string& key, const std::string& name) {
  const auto pattern = pma::pattern_from_name(name);
  if (pattern) return pma::info(*pattern);
  std::string names;
  for (const pma::PatternInfo& info : pma::patterns())
    names += fmt::format("{}, ", info.name);
  throw ConfigError({key, fmt::format("is '{}'", name), names + scrambled_idle_name, ""});
}

pma::SymbolFormat format_of(const std::string& key, const std::string& name) {
  const auto format = pma::symbol_format_from_name(name);
  if (!format) throw ConfigError({key, fmt::format("is '{}'", name), "text, hex, raw", ""});
  return *format;
}

const char* unit_of(const pma::PatternInfo& info) {
  return info.modulation == Modulation::pam4 ? "symbols" : "bits";
}

std::uint64_t count_of(const PatternGenerateOptions& options, const pma::PatternInfo& info) {
  if (options.symbols && options.bits) {
    throw ConfigError(
        {"--bits", fmt::format("is given beside --symbols {}", *options.symbols), "one of the two", ""});
  }
  const std::uint64_t width = static_cast<std::uint64_t>(info.modulation);
  if (!options.symbols && !options.bits) {
    if (info.period <= default_period) return info.period;
    throw ConfigError({"--symbols", "is missing", fmt::format("1 to {}", most_symbols),
                       fmt::format("one period of {} is {} {}", info.name, info.period, unit_of(info))});
  }
  const char* key = options.symbols ? "--symbols" : "--bits";
  const std::uint64_t given = options.symbols ? *options.symbols : *options.bits;
  const std::uint64_t per = options.symbols ? 1 : width;
  if (given == 0 || given % per != 0 || given / per > most_symbols) {
    throw ConfigError({key, fmt::format("is {}", given),
                       fmt::format("1 to {}{}", most_symbols * per, per == 2 ? ", even" : ""), ""});
  }
  return given / per;
}

pma::PatternConfig config_of(const PatternGenerateOptions& options, const pma::PatternInfo& info) {
  pma::PatternConfig config{info.pattern, std::nullopt, options.start, options.inverted};
  if (options.seed) {
    if (options.lane) throw ConfigError({"--lane", "is given beside --seed", "one of the two", ""});
    if (*options.seed > UINT32_MAX) {
      throw ConfigError({"--seed", fmt::format("is {:#x}", *options.seed), "at most 31 stages", ""});
    }
    config.seed = static_cast<std::uint32_t>(*options.seed);
  }
  if (options.lane) {
    const auto seeds = pma::prbs13q_lane_seeds();
    if (info.pattern != pma::Pattern::prbs13q || *options.lane >= seeds.size()) {
      throw ConfigError({"--lane", fmt::format("is {} for {}", *options.lane, info.name),
                         fmt::format("0 to {} for prbs13q", seeds.size() - 1), "802.3 table 94-11"});
    }
    config.seed = seeds[*options.lane];
  }
  return config;
}

/// A file or standard input, in pieces.
class Input {
 public:
  explicit Input(const std::string& path) : place_(path == "-" ? "standard input" : path) {
    file_ = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
    if (file_ == nullptr)
      throw InputError({place_, fmt::format("cannot be read: {}", std::strerror(errno)), "", ""});
  }
  ~Input() {
    if (file_ != stdin) std::fclose(file_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  const std::string& place() const { return place_; }
  /// Empty at the end.
  std::string_view next() {
    const std::size_t got = std::fread(buffer_.data(), 1, buffer_.size(), file_);
    if (got == 0 && std::ferror(file_) != 0) {
      throw InputError({place_, fmt::format("cannot be read: {}", std::strerror(errno)), "", ""});
    }
    return {buffer_.data(), got};
  }

 private:
  std::string place_;
  std::FILE* file_;
  std::vector<char> buffer_ = std::vector<char>(1u << 16);
};

struct Ratio {
  std::uint64_t errors, of;
  math::RateInterval interval;
  Ratio(std::uint64_t count, std::uint64_t trials)
      : errors(count), of(trials), interval(math::clopper_pearson(count, trials, confidence)) {}
  double value() const { return of == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(of); }
};

Json to_json(const pma::PatternCheckerReport& report, const pma::PatternInfo& info,
             const std::string& place) {
  const Ratio ber(report.bit_errors, report.bits), ser(report.symbol_errors, report.checked);
  Json json = {{"pattern", info.name},
               {"modulation", info.modulation == Modulation::pam4 ? "pam4" : "nrz"},
               {"input", place},
               {"received", report.received},
               {"locked", report.locked},
               {"inverted", report.inverted},
               {"first_lock", report.locks > 0 ? Json(report.first_lock) : Json(nullptr)},
               {"locks", report.locks},
               {"losses", report.losses},
               {"checked", report.checked},
               {"unlocked", report.unlocked},
               {"bits", report.bits},
               {"bit_errors", report.bit_errors},
               {"first_bit_errors", report.first_bit_errors},
               {"second_bit_errors", report.second_bit_errors},
               {"symbol_errors", report.symbol_errors},
               {"ber", ber.of > 0 ? Json(ber.value()) : Json(nullptr)},
               {"ber_lower", ber.interval.lower},
               {"ber_upper", ber.interval.upper},
               {"ser", ser.of > 0 ? Json(ser.value()) : Json(nullptr)},
               {"ser_lower", ser.interval.lower},
               {"ser_upper", ser.interval.upper},
               {"confidence", confidence},
               {"slips", report.slips},
               {"inserted", report.inserted},
               {"lost", report.lost},
               {"shifts", Json::array()}};
  for (const pma::PatternShift& shift : report.shifts) {
    json["shifts"].push_back({{"at", shift.at},
                              {"shift", shift.known ? Json(shift.shift) : Json(nullptr)},
                              {"known", shift.known}});
  }
  return json;
}

void print_ratio(const char* name, const Ratio& ratio, const char* more) {
  if (ratio.of == 0) {
    fmt::print("{}none compared\n", name);
    return;
  }
  fmt::print("{}{} of {}: {:.3e} ({:.0f} %: {:.3e} to {:.3e}){}\n", name, ratio.errors, ratio.of,
             ratio.value(), 100 * confidence, ratio.interval.lower, ratio.interval.upper, more);
}

void print_text(const pma::PatternCheckerReport& report, const pma::PatternInfo& info,
                const std::string& place) {
  const bool pam4 = info.modulation == Modulation::pam4;
  const char* unit = unit_of(info);
  fmt::print("pattern        {} ({})\n", info.name, info.summary);
  fmt::print("input          {}, {} {}\n", place, report.received, unit);
  if (report.locks == 0) {
    fmt::print("lock           never\n");
  } else {
    fmt::print("lock           {}, {} polarity, first at {}; {} locks, {} losses\n",
               report.locked ? "yes" : "lost", report.inverted ? "inverted" : "normal", report.first_lock,
               report.locks, report.losses);
  }
  fmt::print("compared       {} {}, {} without lock\n", report.checked, unit, report.unlocked);
  if (pam4) print_ratio("symbol errors  ", Ratio(report.symbol_errors, report.checked), "");
  const std::string pair =
      pam4 ? fmt::format(", {} first and {} second bits", report.first_bit_errors, report.second_bit_errors)
           : "";
  print_ratio("bit errors     ", Ratio(report.bit_errors, report.bits), pair.c_str());
  fmt::print("slips          {}: {} {} inserted, {} lost\n", report.slips, report.inserted, unit,
             report.lost);
  for (const pma::PatternShift& shift : report.shifts) {
    if (shift.known) {
      fmt::print("               at {}: {} {}\n", shift.at, shift.shift > 0 ? shift.shift : -shift.shift,
                 shift.shift > 0 ? "inserted" : "lost");
    } else {
      fmt::print("               at {}: another phase, too far away to tell\n", shift.at);
    }
  }
}

}  // namespace

int run_pattern_generate(const PatternGenerateOptions& options) {
  if (options.name == scrambled_idle_name) return run_scrambled_idle_generate(options);
  const pma::PatternInfo& info = pattern_of("name", options.name);
  const bool json = options.format == "json";
  const pma::SymbolFormat format = json ? pma::SymbolFormat::text : format_of("--format", options.format);
  const std::uint64_t count = count_of(options, info);
  pma::PatternGenerator generator(config_of(options, info));
  io::AtomicFile out(options.out);
  if (json) {
    const pma::PatternConfig& config = generator.config();
    Json head = {
        {"pattern", info.name},  {"modulation", info.modulation == Modulation::pam4 ? "pam4" : "nrz"},
        {"period", info.period}, {"seed", config.seed ? Json(*config.seed) : Json(nullptr)},
        {"start", config.start}, {"inverted", config.inverted},
        {"count", count}};
    std::string text = head.dump();
    text.back() = ',';
    out.write(text + "\"symbols\":\"");
  }
  BitVector line;
  std::string text;
  for (std::uint64_t left = count; left > 0;) {
    const std::size_t take = static_cast<std::size_t>(std::min<std::uint64_t>(left, symbols_at_once));
    line.clear();
    text.clear();
    generator.generate(take, line);
    pma::write_symbols(line, format, info.modulation, text);
    out.write(text);
    left -= take;
  }
  if (json) {
    out.write("\"}\n");
  } else if (format != pma::SymbolFormat::raw) {
    out.write("\n");
  }
  out.commit();
  return ok;
}

int run_pattern_check(const PatternCheckOptions& options) {
  if (options.pattern == scrambled_idle_name) return run_scrambled_idle_check(options);
  const pma::PatternInfo& info = pattern_of("--pattern", options.pattern);
  const pma::SymbolFormat format = format_of("--input-format", options.input_format);
  if (options.limit_ber && !(*options.limit_ber >= 0 && *options.limit_ber <= 1)) {
    throw ConfigError({"--limit-ber", fmt::format("is {}", *options.limit_ber), "0 to 1", ""});
  }
  pma::PatternChecker checker({info.pattern, options.lock_bits, options.max_shift});
  Input input(options.file);
  pma::SymbolReader reader(format, info.modulation, input.place());
  BitVector line;
  for (auto piece = input.next(); !piece.empty(); piece = input.next()) {
    line.clear();
    reader.read(piece, line);
    checker.process(line);
  }
  reader.finish();
  checker.finish();
  const pma::PatternCheckerReport& report = checker.report();
  if (options.format == "json") {
    fmt::print("{}\n", to_json(report, info, input.place()).dump(2));
  } else {
    print_text(report, info, input.place());
  }
  if (!report.locked) return limit_not_met;
  const double ber = static_cast<double>(report.bit_errors) / static_cast<double>(report.bits);
  return options.limit_ber && ber > *options.limit_ber ? limit_not_met : ok;
}

int run_pattern_list(const PatternListOptions& options) {
  if (options.format == "json") {
    Json json = Json::array();
    for (const pma::PatternInfo& info : pma::patterns()) {
      json.push_back({{"pattern", info.name},
                      {"modulation", info.modulation == Modulation::pam4 ? "pam4" : "nrz"},
                      {"period", info.period},
                      {"summary", info.summary}});
    }
    json.push_back({{"pattern", scrambled_idle_name}, {"modulation", "of the structure"}, {"period", nullptr},
                    {"summary", "idle through the whole transmit path, on all line lanes"}});
    fmt::print("{}\n", json.dump(2));
    return ok;
  }
  for (const pma::PatternInfo& info : pma::patterns()) {
    fmt::print("{:<8}  {:<5} {:>10} {:<7}  {}\n", info.name,
               info.modulation == Modulation::pam4 ? "PAM4" : "NRZ", info.period, unit_of(info),
               info.summary);
  }
  fmt::print("scrambled_idle: idle through the whole transmit path, on all line lanes (--structure)\n");
  return ok;
}

}  // namespace lightlane::cli
