# The program, its runtime, and the library that they find: PREFIX/bin and PREFIX/share/motet.
install(TARGETS motet motet-runtime RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY library/ DESTINATION ${CMAKE_INSTALL_DATADIR}/motet/library)
# The pages beside each other as they are here, so that their links hold.
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
