# The manual page and the shell completions, generated from the program's own command line, so that
# they cannot differ from it.

set(DBBACKUP_REFERENCE_DIR ${CMAKE_BINARY_DIR}/reference)
set(DBBACKUP_REFERENCE_FILES dbbackup.1 dbbackup.bash _dbbackup dbbackup.fish)
list(TRANSFORM DBBACKUP_REFERENCE_FILES PREPEND ${DBBACKUP_REFERENCE_DIR}/)

add_executable(write_reference tools/write_reference.cpp)
target_compile_definitions(write_reference PRIVATE DBBACKUP_VERSION="${PROJECT_VERSION}")
target_link_libraries(write_reference PRIVATE dbbackup_core)
add_custom_command(
  OUTPUT ${DBBACKUP_REFERENCE_FILES}
  COMMAND write_reference ${CMAKE_SOURCE_DIR} ${DBBACKUP_REFERENCE_DIR}
  DEPENDS write_reference docs/man/dbbackup.1.in completions/dbbackup.bash.in
          completions/_dbbackup.in completions/dbbackup.fish.in
  COMMENT "Writing the manual page and the completions"
  VERBATIM)
add_custom_target(reference ALL DEPENDS ${DBBACKUP_REFERENCE_FILES})

install(FILES ${DBBACKUP_REFERENCE_DIR}/dbbackup.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(
  FILES ${DBBACKUP_REFERENCE_DIR}/dbbackup.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME dbbackup)
install(FILES ${DBBACKUP_REFERENCE_DIR}/dbbackup.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
# Debian's zsh looks for files of packages in another place than for files installed by hand.
install(CODE "if(CMAKE_INSTALL_PREFIX MATCHES \"/usr/?$\")
  set(DBBACKUP_ZSH_DIR vendor-completions)
else()
  set(DBBACKUP_ZSH_DIR site-functions)
endif()")
install(FILES ${DBBACKUP_REFERENCE_DIR}/_dbbackup
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/\${DBBACKUP_ZSH_DIR})
