# SPDX-License-Identifier: Apache-2.0
# Libraries from Debian, and libtorch out of the pinned wheel that ./dev unpacks into .deps/.

find_package(nlohmann_json REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(PNG REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
if(ESPALIER_STUDIO OR ESPALIER_TESTS)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Test)
endif()
if(ESPALIER_STUDIO)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets PrintSupport Svg Concurrent LinguistTools)
  find_package(QCustomPlotQt6 REQUIRED)
endif()

# The wheel's libraries carry an RPATH to ../../nvidia/cu13/lib, so the two folders stay side by side.
set(ESPALIER_TORCH ${PROJECT_SOURCE_DIR}/.deps/torch CACHE PATH "Folder torch/ unpacked from the PyPI wheel")
if(NOT EXISTS ${ESPALIER_TORCH}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "libtorch is missing at ${ESPALIER_TORCH}. Run ./dev setup, which fetches it.")
endif()
foreach(library c10 torch_cpu)
  add_library(libtorch::${library} SHARED IMPORTED)
  set_target_properties(libtorch::${library} PROPERTIES IMPORTED_LOCATION ${ESPALIER_TORCH}/lib/lib${library}.so
                        INTERFACE_INCLUDE_DIRECTORIES ${ESPALIER_TORCH}/include)
endforeach()
target_link_libraries(libtorch::torch_cpu INTERFACE libtorch::c10)
