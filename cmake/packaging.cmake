# What is installed besides the program, and the Debian package that `cpack` (scripts/package) makes
# of it.

install(FILES README.md ARCHITECTURE.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs PATTERN man EXCLUDE)
# Not CMAKE_INSTALL_LIBDIR, which can depend on the architecture.
install(DIRECTORY packaging/systemd/ DESTINATION lib/systemd/system)
# The licences of what is compiled or linked into the program must be included. Debian has them
# here.
foreach(library libcli11-dev libfmt-dev libspdlog-dev libtomlplusplus-dev libxxhash-dev libzstd-dev
                nlohmann-json3-dev zlib1g-dev)
  install(FILES /usr/share/doc/${library}/copyright
          DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses
          RENAME ${library} OPTIONAL)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dbbackup)
set(CPACK_PACKAGE_VENDOR "The dbbackup authors")
set(CPACK_PACKAGE_CONTACT "The dbbackup authors <dbbackup@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "backups of PostgreSQL databases that can be trusted")
set(CPACK_PACKAGE_DESCRIPTION
    "Takes logical backups of a PostgreSQL database with pg_dump, proves that they
are complete and that they restore, restores them in one transaction, and
removes old ones by rules. A dump is plain SQL or an archive for pg_restore,
and needs no dbbackup to be restored.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
                                                GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debian_documents.cmake)
set(CPACK_DBBACKUP_SOURCE_DIR ${CMAKE_SOURCE_DIR})

# fmt and spdlog have another name in each release of Debian and Ubuntu, so a package fits only the
# release that it was built on. Its version names that one: dbbackup 0.1.0+debian12. So apt treats
# the package of the next release as newer. A "+", because GitHub changes a "~" in a file name to a
# dot.
set(CPACK_DEBIAN_PACKAGE_VERSION ${PROJECT_VERSION})
if(EXISTS /etc/os-release)
  cmake_host_system_information(RESULT distribution QUERY DISTRIB_ID)
  cmake_host_system_information(RESULT distribution_release QUERY DISTRIB_VERSION_ID)
  if(distribution_release) # Debian's testing and unstable have none
    string(APPEND CPACK_DEBIAN_PACKAGE_VERSION "+${distribution}${distribution_release}")
  endif()
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS postgresql-client)
# For the drill's throwaway server, and for sealed dumps.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql, age, rclone, curl")

# The tarball (scripts/package --tarball) is unpacked in a prefix.
if(DBBACKUP_STATIC)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}) # the Debian package has a copyright file
  string(TOLOWER ${CMAKE_SYSTEM_NAME} system)
  set(CPACK_PACKAGE_FILE_NAME dbbackup-${PROJECT_VERSION}-${system}-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_PACKAGING_INSTALL_PREFIX "")
  set(CPACK_PRE_BUILD_SCRIPTS "")
endif()
include(CPack)
