#pragma once
/// The keys of a scenario, each described once: path, meaning, unit, range, and where its value lives.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {

/// A number with its allowed range, a truth value, a word from a list, free text, or a list of numbers.
struct NumberKey {
  double* value;
  double minimum, maximum;
};
struct IntegerKey {
  std::int64_t* value;
  std::int64_t minimum, maximum;
};
struct CountKey {  ///< a small integer
  int* value;
  int minimum, maximum;
};
struct ChoiceKey {  ///< an enumeration whose values are 0, 1 .. and the words for them
  std::uint8_t* value;
  std::vector<std::string> names;
};
struct BooleanKey {
  bool* value;
};
struct TextKey {
  std::string* value;
  std::vector<std::string> allowed;  ///< empty = any text
};
struct IntegerListKey {
  std::vector<std::int64_t>* value;
  std::int64_t minimum, maximum;
};
struct NumberListKey {
  std::vector<double>* value;
  double minimum, maximum;
};

struct Key {
  std::string_view path;  ///< "optics.length_m": table and key of the TOML file
  std::string_view unit;  ///< "m", empty where there is none
  std::string_view help;
  std::variant<NumberKey, IntegerKey, CountKey, ChoiceKey, BooleanKey, TextKey, IntegerListKey, NumberListKey> slot;
};

/// Those of the tables tx, plant, rx, dsp and environment, which only light reads.
std::vector<Key> optical_keys_of(Scenario& scenario);
/// Those of the tables host and far_host.
std::vector<Key> host_keys_of(Scenario& scenario);
/// After the key `path` was read: [far_host] is as [host] but for the keys that are given to it.
void far_host_follows(std::string_view path, Scenario& scenario);
/// Keys bound to the fields of `scenario` (which must outlive them), in the order in which they are printed.
std::vector<Key> keys_of(Scenario& scenario);

/// Reads TOML text into a scenario that keeps its defaults where the text says nothing. Throws ConfigError naming
/// `place`, line, key, value, range for unknown keys, wrong types and values out of range; InputError for text that
/// is no TOML.
void read_toml(std::string_view text, std::string_view place, Scenario& scenario);
/// Reads a file; InputError if it cannot be read.
void read_toml_file(const std::string& path, Scenario& scenario);

/// One assignment as on the command line: "optics.length_m=500".
void assign(std::string_view assignment, Scenario& scenario);

/// The whole effective scenario as TOML, with a comment for each key.
std::string to_toml(const Scenario& scenario);

/// The lane structure that a scenario asks for.
const Structure& structure_of(const Scenario& scenario);

/// What cannot be checked key by key: permutations, lists of the right length, files that go with models.
void validate(const Scenario& scenario);

}  // namespace lightlane::link
