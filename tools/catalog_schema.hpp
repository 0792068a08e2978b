#pragma once
#include <string>

/// JSON Schema (draft 2020-12) of the files in data/catalog, made from the tables of keys in
/// catalog/schema.hpp.
std::string catalog_schema();
