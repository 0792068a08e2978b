#pragma once
#include <string>
#include <vector>

namespace lightlane::cli {

/// Kinds of entries: pmd, device, profile, fibre, connector, form_factor, power_class, cage, module, cable,
/// switch, name, source.
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

struct CatalogSearchOptions {
  std::string name;  ///< any name that people use
  std::string format = "text";
};
/// What the name is, or why it is none. Exit status 1 where it does not mean one entry.
int run_catalog_search(const CatalogSearchOptions& options);

struct CatalogCheckOptions {
  std::vector<std::string> files;  ///< TOML files, or folders of them; empty = what is compiled in
  std::string format = "text";
};
/// Exit status 3 where there is a problem.
int run_catalog_check(const CatalogCheckOptions& options);

}  // namespace lightlane::cli
