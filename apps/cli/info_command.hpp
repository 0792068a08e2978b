#pragma once
#include <string>

namespace lightlane::cli {

struct InfoOptions {
  std::string format;  ///< text | json
};
int run_info(const InfoOptions& options);

}  // namespace lightlane::cli
