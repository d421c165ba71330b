# Run by cpack before it packs: changes to the documents that only Debian requires.

# The version comes from CMakeLists.txt, and its date from CHANGELOG.md.
string(REPLACE "." "\\." version ${CPACK_PACKAGE_VERSION})
file(STRINGS ${CPACK_DBBACKUP_SOURCE_DIR}/CHANGELOG.md heading REGEX "^## ${version} \\(.*\\)$")
if(NOT heading MATCHES "\\((....-..-..)\\)$")
  message(FATAL_ERROR "CHANGELOG.md has no heading \"## ${CPACK_PACKAGE_VERSION} (YYYY-MM-DD)\"")
endif()
execute_process(
  COMMAND date --rfc-email --utc --date "${CMAKE_MATCH_1} 12:00 UTC"
  OUTPUT_VARIABLE DBBACKUP_RELEASE_DATE
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(debian ${CPACK_DBBACKUP_SOURCE_DIR}/packaging/debian)
set(share ${CPACK_TEMPORARY_DIRECTORY}/usr/share)
configure_file(${debian}/copyright ${share}/doc/dbbackup/copyright COPYONLY)
configure_file(${debian}/changelog.in ${share}/doc/dbbackup/changelog @ONLY)
# -n: no timestamp, so that the same sources make the same file.
execute_process(COMMAND gzip -9nf ${share}/man/man1/dbbackup.1 ${share}/doc/dbbackup/changelog
                COMMAND_ERROR_IS_FATAL ANY)
