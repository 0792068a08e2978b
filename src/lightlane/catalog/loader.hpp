#pragma once
/// Catalogue data from TOML files: for the compiler of the built-in tables, for `lightlane catalog check`,
/// and for data of a user's own. Reads everything and collects what is wrong, instead of stopping at the
/// first.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

struct Problem {
  std::string file;
  unsigned line = 0;  ///< 0 = the file as a whole
  std::string text;   ///< "pmd.tx.er_min_db: is 99, not 0 to 30 dB"
};
/// "data/x.toml:12: pmd.tx.er_min_db: ..."
std::string to_string(const Problem& problem);

struct Document {
  std::string file;  ///< its name, for problems
  std::string text;
};
/// Throws InputError where a file cannot be read.
Document read_document(const std::string& file);

struct Loaded {
  Tables tables;  ///< what could be read
  std::vector<Problem> pmd_places, profile_places, module_places, cage_places,
      direct_attach_places;            ///< where each of them stands; no text
  std::vector<Problem> problems;       ///< in the order of files and lines
  std::shared_ptr<const void> memory;  ///< keeps `tables` alive
};

/// Refused: a value without source or confidence, out of range or of another type; unknown keys, sources,
/// devices, fibres, connectors and PMDs; ids, aliases and profiles that occur twice. `known`: other tables
/// whose entries may be referred to.
Loaded load(std::span<const Document> documents, const Tables& known);

}  // namespace lightlane::catalog
