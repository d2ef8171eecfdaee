# SPDX-License-Identifier: Apache-2.0
# .deb packages: `./dev package`, or `cpack -G DEB` in a build folder that is built.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME espalier)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measure, cut and verify Mixture-of-Experts language models")
set(CPACK_PACKAGE_VENDOR "The Espalier authors")
set(CPACK_PACKAGE_CONTACT "The Espalier authors <espalier@espalier.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd) # half a gigabyte of libtorch in seconds; read by dpkg 1.21.18 and later
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${ESPALIER_TORCH}/lib ${ESPALIER_TORCH}/../nvidia/cu13/lib)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_ENGINE_PACKAGE_NAME espalier)
set(CPACK_DEBIAN_ENGINE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_ENGINE_DESCRIPTION "Command line and engine: measures what every expert of a model does on your
texts, plans a cut against a memory budget, validates it and writes a model
that stock engines load. Holds libtorch 2.11 with two NVIDIA runtime
libraries, unchanged; a graphics card is not needed.")
set(CPACK_DEBIAN_STUDIO_PACKAGE_PACKAGE_NAME espalier-studio)
set(CPACK_DEBIAN_STUDIO_PACKAGE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_STUDIO_PACKAGE_PACKAGE_DEPENDS "espalier (= ${PROJECT_VERSION}), qt6-qpa-plugins")
set(CPACK_DEBIAN_STUDIO_PACKAGE_PACKAGE_RECOMMENDS "fonts-roboto, fonts-dejavu-core, qt6-translations-l10n, qt6-wayland")
set(CPACK_DEBIAN_STUDIO_PACKAGE_PACKAGE_SUGGESTS "fonts-noto-cjk")
set(CPACK_DEBIAN_STUDIO_PACKAGE_DESCRIPTION "Window: maps of experts per domain, a planner that answers at once, validation with
intervals, export with verification, and reports. Jobs run in the command
line program of the package espalier.")
set(CPACK_DEBIAN_MPI_PACKAGE_PACKAGE_NAME espalier-mpi)
set(CPACK_DEBIAN_MPI_PACKAGE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_MPI_PACKAGE_PACKAGE_DEPENDS "espalier (= ${PROJECT_VERSION}), openmpi-bin")
set(CPACK_DEBIAN_MPI_PACKAGE_DESCRIPTION "Plug-in for Open MPI: a calibration pass shared by several processes, on one
machine or many.")

include(CPack)
cpack_add_component_group(engine)
cpack_add_component_group(studio_package)
cpack_add_component(espalier GROUP engine)
cpack_add_component(libtorch GROUP engine)
cpack_add_component(studio GROUP studio_package)
if(TARGET espalier_mpi)
  cpack_add_component_group(mpi_package)
  cpack_add_component(mpi GROUP mpi_package)
endif()
