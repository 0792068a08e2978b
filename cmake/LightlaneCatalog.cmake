# data/catalog/*.toml -> constant tables inside lightlane_catalog. The build stops where the data are wrong.
file(GLOB catalog_data CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/catalog/*.toml ${CMAKE_SOURCE_DIR}/data/catalog/pmds/*.toml)
file(GLOB catalog_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/catalog/*.cpp)
list(FILTER catalog_sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$")
set(catalog_tables ${CMAKE_CURRENT_BINARY_DIR}/catalog_tables.cpp)

find_package(nlohmann_json REQUIRED)
add_executable(catalog_compiler ${CMAKE_SOURCE_DIR}/tools/catalog_compiler.cpp ${CMAKE_SOURCE_DIR}/tools/catalog_schema.cpp
  ${catalog_sources})
target_include_directories(catalog_compiler PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tools)
target_link_libraries(catalog_compiler PRIVATE lightlane_math fmt::fmt nlohmann_json::nlohmann_json)
add_custom_command(OUTPUT ${catalog_tables}
  COMMAND catalog_compiler ${catalog_tables} ${catalog_data}
  DEPENDS catalog_compiler ${catalog_data}
  COMMENT "Compiling the catalogue's tables")
target_sources(lightlane_catalog PRIVATE ${catalog_tables})
if(TARGET catalog_test)
  target_compile_definitions(catalog_test PRIVATE LIGHTLANE_CATALOG_COMPILER="$<TARGET_FILE:catalog_compiler>")
  add_dependencies(catalog_test catalog_compiler)
endif()
