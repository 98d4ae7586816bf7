# SPDX-License-Identifier: MIT
# What `cmake --install` puts at its place: the archive, the headers, the package for find_package, and structwire.pc.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(structwire_package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/structwire")
set_target_properties(structwire_sdk PROPERTIES EXPORT_NAME structwire)
install(TARGETS structwire_sdk EXPORT structwire ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT structwire NAMESPACE structwire:: FILE structwire-targets.cmake DESTINATION "${structwire_package_folder}")
install(DIRECTORY include/structwire DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")

# While the first number is 0, the second stands for what is compatible.
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/structwire-config-version.cmake"
  VERSION "${STRUCTWIRE_VERSION}" COMPATIBILITY SameMinorVersion)
# The command line is not installed with the SDK; where it is now is the last place that is looked at.
get_filename_component(STRUCTWIRE_PACKAGE "${CMAKE_CURRENT_SOURCE_DIR}/.." ABSOLUTE)
configure_package_config_file(cmake/structwire-config.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/structwire-config.cmake"
  INSTALL_DESTINATION "${structwire_package_folder}" NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/structwire-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/structwire-config-version.cmake" cmake/structwire.cmake
  DESTINATION "${structwire_package_folder}")

# The folder of the file is the way to the prefix, so that the tree can be moved.
file(RELATIVE_PATH structwire_prefix "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" structwire_prefix "${structwire_prefix}")
configure_file(cmake/structwire.pc.in structwire.pc @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/structwire.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
