#include <benchmark/benchmark.h>

#include <string>

#include "lightlane/plan/inventory/inventory_check.hpp"

namespace lightlane::plan {
namespace {

/// Leaves and spines of 400G DR4 with cables fibre by fibre, older leaves on breakouts, duplex pairs.
std::string ten_thousand_links() {
  std::string table = "a_device,a_port,a_type,b_device,b_port,b_type,length_m,fibre,connectors,path\n";
  const char* kinds[][3] = {
      {"qsfp-dd-400g-dr4", "qsfp-dd-400g-dr4", "mpo12-b-sm:10+mpo12-b-sm-trunk:200+mpo12-b-sm:5"},
      {"qsfp-dd-400g-dr4", "4xqsfp28-100g-fr1", "mpo12-4lc-sm:30"},
      {"qsfp28-100g-lr4", "qsfp28-100g-lr4", ""},
      {"qsfp-dd-400g-fr4", "400GBASE-FR4", "lc-duplex-sm:90"}};
  for (int i = 0; i < 10000; ++i) {
    const auto& kind = kinds[i % 4];
    const std::string n = std::to_string(i);
    table += "leaf" + n + ",Ethernet0," + kind[0] + ",spine" + n + ",Ethernet0," + kind[1] + "," +
             std::to_string(5 + i % 400) + ",OS2,2," + kind[2] + "\n";
  }
  return table;
}

void inventory_check(benchmark::State& state) {
  const std::string table = ten_thousand_links();
  for (auto _ : state) benchmark::DoNotOptimize(check_inventory(read_inventory(table, "links.csv"), {}));
  state.counters["links/s"] =
      benchmark::Counter(10000.0 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(inventory_check)->Name("inventory_check/ref")->UseRealTime();

}  // namespace
}  // namespace lightlane::plan
