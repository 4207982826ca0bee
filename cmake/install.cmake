# For programs that execute bundles: PREFIX/lib/libmotet.so, PREFIX/include/motet, and find_package(motet).
include(CMakePackageConfigHelpers)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/motet)
install(TARGETS motet_executor EXPORT motet LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES runtime/execution/executor.h runtime/execution/motet.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/motet)
set_target_properties(motet_executor PROPERTIES EXPORT_NAME executor)
install(EXPORT motet NAMESPACE motet:: FILE motetConfig.cmake DESTINATION ${config_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/motetConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/motetConfigVersion.cmake DESTINATION ${config_folder})
if(MOTET_EXECUTOR_ONLY)
  return()
endif()

# The program, its runtime, and the library that they find: PREFIX/bin and PREFIX/share/motet.
install(TARGETS motet motet-runtime RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY library/ DESTINATION ${CMAKE_INSTALL_DATADIR}/motet/library)
# The pages beside each other as they are here, so that their links hold.
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
