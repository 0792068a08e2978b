#include "cli/bench_command.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/base/variant.hpp"

namespace lightlane::cli {
namespace {

struct Rate {
  std::string name, variant, unit;
  double rate = 0;
  int threads = 1;
};

/// Collects one rate a benchmark: its name is "<what>/<variant>[/threads]", its only counter the rate, whose name
/// is the unit.
class RateReporter : public benchmark::BenchmarkReporter {
 public:
  explicit RateReporter(bool text) : text_(text) {}

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred || run.counters.empty()) {
        failures_.push_back(run.run_name.function_name + ": " + run.error_message);
        continue;
      }
      const std::string& full = run.run_name.function_name;
      const std::size_t slash = full.find('/');
      const std::size_t end = full.find('/', slash == std::string::npos ? slash : slash + 1);
      Rate rate;
      rate.name = full.substr(0, slash);
      if (slash != std::string::npos) rate.variant = full.substr(slash + 1, end == std::string::npos ? end : end - slash - 1);
      rate.unit = run.counters.begin()->first;
      rate.rate = run.counters.begin()->second;
      if (end != std::string::npos) rate.threads = std::stoi(full.substr(end + 1));
      if (text_) {
        fmt::print("{:<34} {:<9} {:>10.3f} {:<8} {:>2} thread{}\n", rate.name, rate.variant, rate.rate, rate.unit,
                   rate.threads, rate.threads == 1 ? "" : "s");
        std::fflush(stdout);
      }
      rates_.push_back(std::move(rate));
    }
  }

  const std::vector<Rate>& rates() const { return rates_; }
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  bool text_;
  std::vector<Rate> rates_;
  std::vector<std::string> failures_;
};

}  // namespace

int run_bench(const BenchOptions& options) {
  if (!(options.seconds > 0 && options.seconds <= 60)) {
    throw ConfigError({"--seconds", fmt::format("is {}", options.seconds), "above 0, up to 60 s", ""});
  }
  std::vector<std::string> arguments = {"lightlane", fmt::format("--benchmark_min_time={}", options.seconds),
                                        "--benchmark_filter=" + (options.filter.empty() ? "." : options.filter)};
  if (options.list) arguments.push_back("--benchmark_list_tests=true");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());

  const bool text = options.format == "text";
  if (text && !options.list) {
    const Processor cpu = processor();
    fmt::print("{}, best variant {}\n{:<34} {:<9} {:>10}\n", cpu.name, name(supported_variant()), "what", "variant", "rate");
  }
  RateReporter reporter(text);
  const std::size_t matched = benchmark::RunSpecifiedBenchmarks(&reporter);
  if (options.list) return ok;
  if (matched == 0) {
    throw ConfigError({"--filter", "'" + options.filter + "' matches no benchmark", "lightlane bench --list", ""});
  }
  for (const std::string& failure : reporter.failures()) fmt::print(stderr, "lightlane: {}\n", failure);
  if (!text) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const Rate& rate : reporter.rates()) {
      json.push_back({{"name", rate.name}, {"variant", rate.variant}, {"rate", rate.rate}, {"unit", rate.unit},
                      {"threads", rate.threads}});
    }
    fmt::print("{}\n", json.dump(1));
  }
  return reporter.failures().empty() ? ok : internal;
}

}  // namespace lightlane::cli
