# cmake --install, and what find_package(Trama) finds. Everything installed finds everything
# else relative to itself, so the tree may be moved.
include(CMakePackageConfigHelpers)

if(TARGET trama)
  install(TARGETS trama RUNTIME DESTINATION bin)
endif()
if(TARGET trama_runtime)
  # In a folder of its own: a libtsan.so.2 on the loader's path would take over every program.
  install(TARGETS trama_runtime LIBRARY DESTINATION lib/trama NAMELINK_SKIP)
  install(FILES "${PROJECT_BINARY_DIR}/lib/static-libstdc++/libtsan.so"
          DESTINATION lib/trama/static-libstdc++)
endif()
install(DIRECTORY include/trama DESTINATION include FILES_MATCHING PATTERN "*.hpp")
file(GLOB documents CONFIGURE_DEPENDS README*.md CHANGELOG.md LICENSE)
install(FILES ${documents} DESTINATION share/doc/trama)
install(DIRECTORY docs/ DESTINATION share/doc/trama/docs FILES_MATCHING PATTERN "*.md")

configure_package_config_file(cmake/TramaConfig.cmake.in
  "${PROJECT_BINARY_DIR}/package/TramaConfig.cmake" INSTALL_DESTINATION lib/cmake/Trama
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/TramaConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_SOURCE_DIR}/cmake/TramaAddTest.cmake"
              "${PROJECT_BINARY_DIR}/package/TramaConfig.cmake"
              "${PROJECT_BINARY_DIR}/package/TramaConfigVersion.cmake"
        DESTINATION lib/cmake/Trama)
