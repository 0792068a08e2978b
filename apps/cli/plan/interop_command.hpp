#pragma once
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"
#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::cli {

/// What one end is plugged into and set to.
struct EndOptions {
  std::string in, mode, fec, host_vendor, coded_for;
};

struct InteropOptions {
  std::vector<std::string> types;  ///< two ends; with `matrix` any number, none = every PMD
  EndOptions a, b;
  PlantOptions plant;
  std::string path;  ///< cables from A to B
  std::string file;  ///< a link file instead of ends, plant and path
  bool matrix = false;
  std::string inventory;    ///< a file of links instead of two ends
  std::string assume_type;  ///< of the inventory's ends that have none
  bool all = false;         ///< a line for every link of the inventory
  std::string format = "text";
};
/// The link of the flags, or of the file; ConfigError, InputError. Not for a matrix.
plan::InteropQuestion link_question(const InteropOptions& options);
/// Runs `answer` on the link, and says in its ConfigError which flag or file is wrong.
template <class Answer>
auto answer_link(const InteropOptions& options, Answer answer) {
  if (options.file.empty()) return with_flags([&] { return answer(link_question(options)); });
  const plan::InteropQuestion question = link_question(options);
  try {
    return answer(question);
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = options.file + ": " + detail.place;
    throw InputError(detail);
  }
}

/// Exit status 0 where the verdict is ok, 1 with any other; a matrix has none.
int run_interop(const InteropOptions& options);

}  // namespace lightlane::cli
