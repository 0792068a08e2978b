#pragma once
#include <string>

namespace lightlane::cli {

struct VectorOptions {
  bool transmit = true;      ///< tx | rx
  std::string in = "-";      ///< requests: JSON objects, one after the other
  std::string out = "-";     ///< answers: one JSON object per line
};
int run_vector(const VectorOptions& options);

}  // namespace lightlane::cli
