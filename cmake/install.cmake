# The program and the library that it finds beside itself: PREFIX/bin/motet, PREFIX/share/motet.
install(TARGETS motet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY library/ DESTINATION ${CMAKE_INSTALL_DATADIR}/motet/library)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
