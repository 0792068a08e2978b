# One library per floor of the house: lightlane_floor(<name> [DEPENDS floors...] [LINK libraries...])
#   *_test.cpp    -> the test program <name>_test
#   *_bench.cpp   -> objects linked into `lightlane bench`
#   *_fuzz.cpp    -> one libFuzzer program each (LIGHTLANE_FUZZ)
#   *_avx2.cpp, *_avx512.cpp -> compiled for that instruction set; everything else for baseline x86-64
set(LIGHTLANE_AVX2_FLAGS -mavx2 -mbmi -mbmi2 -mfma -mpclmul -mpopcnt)
set(LIGHTLANE_AVX512_FLAGS ${LIGHTLANE_AVX2_FLAGS} -mavx512f -mavx512bw -mavx512vl -mavx512dq
    -mavx512vbmi -mavx512vbmi2 -mgfni -mvpclmulqdq -mprefer-vector-width=512
    # GCC 12 warns inside its own intrinsics (_mm512_undefined_epi32).
    -Wno-maybe-uninitialized -Wno-uninitialized)

function(lightlane_floor name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  set(tests ${sources})
  set(benches ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$")

  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    foreach(source ${sources})
      if(source MATCHES "_avx2\\.cpp$")
        set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${LIGHTLANE_AVX2_FLAGS}")
      elseif(source MATCHES "_avx512\\.cpp$")
        set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${LIGHTLANE_AVX512_FLAGS}")
      endif()
    endforeach()
  else()
    list(FILTER sources EXCLUDE REGEX "_avx(2|512)\\.cpp$")
  endif()

  list(TRANSFORM ARG_DEPENDS PREPEND lightlane_)
  if(NOT sources)
    message(FATAL_ERROR "floor ${name} has no sources")
  endif()
  add_library(lightlane_${name} STATIC ${sources})
  target_include_directories(lightlane_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(lightlane_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK})

  if(benches)
    add_library(lightlane_${name}_bench OBJECT ${benches})
    target_compile_options(lightlane_${name}_bench PRIVATE ${LIGHTLANE_COLD_FLAGS})
    target_link_libraries(lightlane_${name}_bench PUBLIC lightlane_${name} benchmark::benchmark)
    set_property(GLOBAL APPEND PROPERTY LIGHTLANE_BENCHES lightlane_${name}_bench)
  endif()
  if(tests AND LIGHTLANE_BUILD_TESTS)
    add_executable(${name}_test ${tests})
    target_compile_options(${name}_test PRIVATE ${LIGHTLANE_COLD_FLAGS})
    target_link_libraries(${name}_test PRIVATE lightlane_${name} ${ARG_LINK} GTest::gtest GTest::gtest_main)
    # The variables of the environment name the folders, so that tests run from anywhere.
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST TEST_PREFIX ${name}.
      PROPERTIES LABELS ${name} ENVIRONMENT "LIGHTLANE_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
  endif()
  if(LIGHTLANE_FUZZ)
    foreach(source ${fuzzers})
      get_filename_component(program ${source} NAME_WE)
      add_executable(${program} ${source})
      target_compile_options(${program} PRIVATE -fsanitize=fuzzer)
      target_link_options(${program} PRIVATE -fsanitize=fuzzer)
      target_link_libraries(${program} PRIVATE lightlane_${name} ${ARG_LINK})
    endforeach()
  endif()
endfunction()

# lightlane_embeds(<source> <files under data/>...): the source has LIGHTLANE_EMBED (base/embedded_file.hpp) of those files.
function(lightlane_embeds source)
  list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/data/ OUTPUT_VARIABLE files)
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/${source} PROPERTIES
    COMPILE_DEFINITIONS LIGHTLANE_DATA="${CMAKE_SOURCE_DIR}/data"
    OBJECT_DEPENDS "${files}")
endfunction()
