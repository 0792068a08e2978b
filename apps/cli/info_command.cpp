#include "cli/info_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/base/version.hpp"

namespace lightlane::cli {

int run_info(const InfoOptions& options) {
  const Processor cpu = processor();
  if (options.format == "json") {
    const nlohmann::ordered_json json = {{"version", version()},
                                         {"processor", cpu.name},
                                         {"features", cpu.features},
                                         {"supported_variant", name(supported_variant())},
                                         {"active_variant", name(active_variant())},
                                         {"threads", threads()}};
    fmt::print("{}\n", json.dump(2));
    return ok;
  }
  fmt::print("lightlane  {}\nprocessor  {}\nfeatures   {}\nvariant    {} (best supported: {})\nthreads    {}\n",
             version(), cpu.name, fmt::join(cpu.features, " "), name(active_variant()), name(supported_variant()),
             threads());
  return ok;
}

}  // namespace lightlane::cli
