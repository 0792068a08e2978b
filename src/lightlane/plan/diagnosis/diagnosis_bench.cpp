#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/diagnosis/diagnosis.hpp"
#include "lightlane/plan/diagnosis/reader.hpp"

namespace lightlane::plan {
namespace {

constexpr int count = 10000;

/// Databases of a whole fleet: every tenth interface has a fault.
std::string fleet() {
  std::string out = "{";
  for (int i = 0; i < count; ++i) {
    out += fmt::format(
        R"({}"TRANSCEIVER_INFO|Ethernet{}":{{"type":"QSFP-DD","specification_compliance":"400GBASE-DR4"}},)",
        i == 0 ? "" : ",", i);
    out += fmt::format(R"("TRANSCEIVER_DOM_SENSOR|Ethernet{}":{{"temperature":"45.1","voltage":"3.3")", i);
    for (int lane = 1; lane <= 4; ++lane)
      out += fmt::format(R"(,"rx{0}power":"{1}","tx{0}power":"1.1","tx{0}bias":"70.1")", lane,
                         i % 10 == 0 && lane == 3 ? "-40.0" : "-0.5");
    out += fmt::format(
        R"(}},"TRANSCEIVER_DOM_THRESHOLD|Ethernet{}":{{"rxpowerhighalarm":"6.99","rxpowerhighwarning":"3.99","rxpowerlowwarning":"-5.9","rxpowerlowalarm":"-9.91"}})",
        i);
  }
  return out + "}";
}

void diagnose_fleet(benchmark::State& state) {
  const std::string text = fleet();
  for (auto _ : state) {
    DiagnosisInput input;
    read_readings(text, "fleet.json", InputFormat::sonic_json, "", input);
    DiagnosisConfig config;
    config.details = false;
    benchmark::DoNotOptimize(diagnose(input, config));
  }
  state.counters["interfaces/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * count, benchmark::Counter::kIsRate);
}
BENCHMARK(diagnose_fleet)
    ->Name("diagnosis/10000_interfaces_of_sonic_databases")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lightlane::plan
