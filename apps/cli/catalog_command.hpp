#pragma once
#include <string>
#include <vector>

namespace lightlane::cli {

/// Kinds of entries: pmd, device, profile, fibre, connector, source.
struct CatalogListOptions {
  std::string kind;             ///< empty = all
  std::string format = "text";  ///< text | json
};
int run_catalog_list(const CatalogListOptions& options);

struct CatalogShowOptions {
  std::string name;  ///< id, alias or key
  std::string kind;  ///< empty = the first kind that has it, a PMD together with its profile
  std::string format = "text";
};
int run_catalog_show(const CatalogShowOptions& options);

struct CatalogCheckOptions {
  std::vector<std::string> files;  ///< TOML files, or folders of them; empty = what is compiled in
  std::string format = "text";
};
/// Exit status 3 where there is a problem.
int run_catalog_check(const CatalogCheckOptions& options);

}  // namespace lightlane::cli
