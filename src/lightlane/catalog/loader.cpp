#include "lightlane/catalog/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/reader.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::catalog {
namespace {

bool known_name(const Reference& reference, const Tables& tables) {
  switch (reference.kind) {
    case Reference::Kind::source:
      return find_source(reference.name, tables) != nullptr;
    case Reference::Kind::fibre:
      return find_fibre(reference.name, tables) != nullptr;
    case Reference::Kind::connector:
      return find_connector(reference.name, tables) != nullptr;
    case Reference::Kind::pmd:
      return find_pmd(reference.name, tables) != nullptr;
    case Reference::Kind::form_factor:
      return find_form_factor(reference.name, tables) != nullptr;
    case Reference::Kind::cage:
      return find_cage(reference.name, tables) != nullptr;
    case Reference::Kind::copper:
      return find_copper(reference.name, tables) != nullptr;
    case Reference::Kind::device:
      break;
  }
  const Device* device = find_device(reference.name, tables);
  return device != nullptr && device->kind == reference.device;
}

/// What a name that is no PMD's may mean.
std::string meant(const std::string& name, const Tables& tables) {
  const NameAnswer answer = resolve_name(name, tables);
  std::string out;
  for (const NameMatch& match : answer.matches)
    if (match.kind == "pmd") out += fmt::format("{}{}", out.empty() ? "; allowed: " : ", ", match.id);
  return out;
}

void check_references(Harvest& harvest, const Tables& tables, const Tables& known) {
  constexpr std::string_view kinds[] = {"source", "device",      "fibre", "connector",
                                        "PMD",    "form factor", "cage",  "copper"};
  for (const Reference& reference : harvest.references) {
    if (known_name(reference, tables) || known_name(reference, known)) continue;
    const bool device = reference.kind == Reference::Kind::device;
    Problem problem = reference.place;
    problem.text = fmt::format("unknown {} '{}'",
                               device ? name(reference.device) : kinds[static_cast<int>(reference.kind)],
                               reference.name);
    if (reference.kind == Reference::Kind::pmd) {
      problem.text += meant(reference.name, known.pmds.empty() ? tables : known);
    }
    harvest.problems.push_back(std::move(problem));
  }
}

void check_taken(Harvest& harvest) {
  const std::vector<Taken>& taken = harvest.taken;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const auto first =
        std::find_if(taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(i), [&](const Taken& other) {
          return other.kind == taken[i].kind && same_name(other.name, taken[i].name);
        });
    if (first == taken.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    Problem problem = taken[i].place;
    problem.text = fmt::format("{} '{}' is taken: {}:{}", taken[i].kind, taken[i].name, first->place.file,
                               first->place.line);
    harvest.problems.push_back(std::move(problem));
  }
}

void sort_problems(std::vector<Problem>& problems, std::span<const Document> documents) {
  const auto key = [&](const Problem& problem) {
    const auto document = std::find_if(documents.begin(), documents.end(),
                                       [&](const Document& d) { return d.file == problem.file; });
    return std::pair(document - documents.begin(), problem.line);
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
}

}  // namespace

std::string to_string(const Problem& problem) {
  return problem.line > 0 ? fmt::format("{}:{}: {}", problem.file, problem.line, problem.text)
                          : fmt::format("{}: {}", problem.file, problem.text);
}

Document read_document(const std::string& file) {
  Document out{file, {}};
  std::FILE* stream = std::fopen(file.c_str(), "rb");
  char buffer[1 << 14];
  while (stream != nullptr) {
    const std::size_t got = std::fread(buffer, 1, sizeof buffer, stream);
    out.text.append(buffer, got);
    if (got < sizeof buffer) break;
  }
  const bool bad = stream == nullptr || std::ferror(stream) != 0;
  const std::string why = std::strerror(errno);
  if (stream != nullptr) std::fclose(stream);
  if (bad) throw InputError({file, "cannot be read: " + why, "", ""});
  return out;
}

Loaded load(std::span<const Document> documents, const Tables& known) {
  auto harvest = std::make_shared<Harvest>();
  for (const Document& document : documents) {
    try {
      const Node root = parse_toml(document.text);
      Reader(*harvest, document.file).read(root);
    } catch (const TomlError& error) {
      harvest->problems.push_back({document.file, error.line, error.text});
    }
  }
  const Memory& m = harvest->memory;
  const Tables tables = {m.sources,    m.pmds,   m.devices,      m.profiles,      m.fibres,
                         m.connectors, m.names,  m.form_factors, m.power_classes, m.cages,
                         m.modules,    m.cables, m.switches,     m.coppers,       m.direct_attach};
  check_references(*harvest, tables, known);
  check_taken(*harvest);
  sort_problems(harvest->problems, documents);
  return {tables,
          harvest->pmd_places,
          harvest->profile_places,
          harvest->module_places,
          harvest->cage_places,
          harvest->direct_attach_places,
          harvest->problems,
          harvest};
}

}  // namespace lightlane::catalog
