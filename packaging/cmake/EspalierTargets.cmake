# SPDX-License-Identifier: Apache-2.0
# Warnings and sanitizers as interface targets, and one function per kind of target.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(espalier_flags INTERFACE)
target_compile_options(espalier_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                                                -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of GCC 12 on std::string (GCC bug 105651) and std::optional at -O3.
  target_compile_options(espalier_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(ESPALIER_WERROR)
  target_compile_options(espalier_flags INTERFACE -Werror)
endif()
if(ESPALIER_SANITIZE)
  target_compile_options(espalier_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                  -fno-omit-frame-pointer)
  target_link_options(espalier_flags INTERFACE -fsanitize=address,undefined)
endif()
if(ESPALIER_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ESPALIER_FUZZ needs clang's libFuzzer: -DCMAKE_CXX_COMPILER=clang++")
  endif()
  target_compile_options(espalier_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_include_directories(espalier_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(espalier_flags INTERFACE ESPALIER_VERSION="${PROJECT_VERSION}")

# espalier_room(name DEPENDS ...): static library espalier_<name> from every source below the current folder.
function(espalier_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  foreach(pattern ${ROOM_EXCLUDE})
    list(FILTER sources EXCLUDE REGEX ${pattern})
  endforeach()
  add_library(espalier_${name} STATIC ${sources})
  set_target_properties(espalier_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(espalier_${name} PUBLIC espalier_flags ${ROOM_DEPENDS})
endfunction()

# espalier_tests(LIBRARIES ...): every tst_*.cpp of the current folder becomes one Qt Test program and one ctest entry,
# named by its path below tests/. WITH_CLI: the tests start the program, so it is built first.
function(espalier_tests)
  cmake_parse_arguments(TESTS "WITH_CLI" "" "LIBRARIES;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" prefix ${folder})
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(REPLACE "tst_" "" name ${name})
    set(target test_${prefix}_${name})
    add_executable(${target} ${source})
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    if(NOT "bench" IN_LIST TESTS_LABELS)
      # Optimising the test code itself is a third of its compile time and speeds up nothing it calls.
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0>)
    endif()
    target_link_libraries(${target} PRIVATE espalier_flags espalier_test_support Qt6::Test
                                            ${TESTS_LIBRARIES})
    target_compile_definitions(${target} PRIVATE
      ESPALIER_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ESPALIER_BUILD_DIR="${PROJECT_BINARY_DIR}"
      ESPALIER_CLI="$<IF:$<TARGET_EXISTS:espalier>,${PROJECT_BINARY_DIR}/app/cli/espalier,>")
    if(TESTS_WITH_CLI AND TARGET espalier)
      add_dependencies(${target} espalier)
    endif()
    add_test(NAME ${folder}/${name} COMMAND ${target})
    set_tests_properties(${folder}/${name} PROPERTIES
      ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;OMP_NUM_THREADS=1;ASAN_OPTIONS=detect_leaks=0"
      TIMEOUT 900 LABELS "${TESTS_LABELS}")
  endforeach()
endfunction()
