#include "cli/info_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/base/version.hpp"
#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_search.hpp"
#include "lightlane/pcs/clause82_kernels.hpp"
#include "lightlane/pcs/clause91_kernels.hpp"
#include "lightlane/pcs/scrambler.hpp"
#include "lightlane/pcs/transcode.hpp"
#include "lightlane/pma/bit_interleave.hpp"

namespace lightlane::cli {
namespace {

/// One family of kernels: what it has, and what runs now.
struct Family {
  std::string_view name;
  std::vector<Variant> variants;
  Variant active;
};

template <class Function>
Family family(std::string_view name, std::span<const Kernel<Function>> table) {
  Family result{name, {}, select(table).variant};
  for (const auto& kernel : table) result.variants.push_back(kernel.variant);
  return result;
}

std::vector<Family> families() {
  return {{"Reed-Solomon", fec::ReedSolomon::variants(), fec::ReedSolomon(signal::kp4).variant()},
          family("66-bit blocks", pcs::block66_kernels()),
          family("transcoder", pcs::transcode_kernels()),
          family("scrambler", pcs::scrambler_kernels()),
          family("clause 119 lanes", pcs::clause119_kernels()),
          family("marker search", pcs::marker_search_kernels()),
          family("clause 82 lanes", pcs::clause82::kernels()),
          family("clause 91 lanes", pcs::clause91::kernels()),
          family("bit mux", pma::interleave_kernels()),
          family("bit demux", pma::deinterleave_kernels())};
}

std::vector<std::string_view> names(const std::vector<Variant>& variants) {
  std::vector<std::string_view> list;
  for (const Variant variant : variants) list.push_back(name(variant));
  return list;
}

}  // namespace

int run_info(const InfoOptions& options) {
  const Processor cpu = processor();
  if (options.format == "json") {
    nlohmann::ordered_json json = {{"version", version()},
                                         {"processor", cpu.name},
                                         {"features", cpu.features},
                                         {"supported_variant", name(supported_variant())},
                                         {"active_variant", name(active_variant())},
                                         {"threads", threads()}};
    for (const Family& f : families()) {
      json["kernels"].push_back({{"name", f.name}, {"active", name(f.active)}, {"variants", names(f.variants)}});
    }
    fmt::print("{}\n", json.dump(2));
    return ok;
  }
  fmt::print("lightlane  {}\nprocessor  {}\nfeatures   {}\nvariant    {} (best supported: {})\nthreads    {}\n",
             version(), cpu.name, fmt::join(cpu.features, " "), name(active_variant()), name(supported_variant()),
             threads());
  fmt::print("\n{:<18} {:<9} built\n", "kernels", "active");
  for (const Family& f : families()) {
    fmt::print("{:<18} {:<9} {}\n", f.name, name(f.active), fmt::join(names(f.variants), " "));
  }
  return ok;
}

}  // namespace lightlane::cli
