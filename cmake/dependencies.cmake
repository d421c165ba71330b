# Every library the tool stands on, gathered in the one target dbbackup_dependencies.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED) # for the log file alone, so not among those below
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(LIBZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LIBXXHASH REQUIRED IMPORTED_TARGET libxxhash)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED) # used header-only

add_library(dbbackup_dependencies INTERFACE)
target_link_libraries(
  dbbackup_dependencies
  INTERFACE Threads::Threads
            PkgConfig::LIBPQ
            OpenSSL::Crypto
            ZLIB::ZLIB
            PkgConfig::LIBZSTD
            PkgConfig::LIBXXHASH
            CLI11::CLI11
            fmt::fmt
            nlohmann_json::nlohmann_json)
target_include_directories(dbbackup_dependencies SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})

# ISA-L has no pkg-config file on Debian 12, and exists for x86-64 and arm64 only.
set(DBBACKUP_HAVE_ISAL OFF)
if(DBBACKUP_WITH_ISAL)
  find_path(ISAL_INCLUDE_DIR isa-l/igzip_lib.h)
  find_library(ISAL_LIBRARY isal)
  if(ISAL_INCLUDE_DIR AND ISAL_LIBRARY)
    set(DBBACKUP_HAVE_ISAL ON)
    target_include_directories(dbbackup_dependencies SYSTEM INTERFACE ${ISAL_INCLUDE_DIR})
    target_link_libraries(dbbackup_dependencies INTERFACE ${ISAL_LIBRARY})
    target_compile_definitions(dbbackup_dependencies INTERFACE DBBACKUP_HAVE_ISAL=1)
  endif()
endif()
message(STATUS "ISA-L (fast gzip): ${DBBACKUP_HAVE_ISAL}")
