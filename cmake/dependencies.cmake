# All libraries that the program uses, in the target dbbackup_dependencies. The versions are those
# of Debian 12, the oldest system that it is tested on.

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq>=14)
pkg_check_modules(LIBZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)
pkg_check_modules(LIBXXHASH REQUIRED IMPORTED_TARGET libxxhash>=0.8)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED) # used header-only

add_library(dbbackup_dependencies INTERFACE)
target_link_libraries(
  dbbackup_dependencies
  INTERFACE Threads::Threads PkgConfig::LIBPQ OpenSSL::Crypto CLI11::CLI11
            nlohmann_json::nlohmann_json)
target_include_directories(dbbackup_dependencies SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})

add_library(dbbackup_logging INTERFACE) # only for the log file

# For a program that runs on other distributions. libpq.so.5 and libcrypto.so.3 have stable
# interfaces, and get security fixes from the system. The other libraries change their names now and
# then, and are linked statically.
if(DBBACKUP_STATIC)
  foreach(name z zstd xxhash)
    find_library(DBBACKUP_STATIC_${name} lib${name}.a REQUIRED)
    target_link_libraries(dbbackup_dependencies INTERFACE ${DBBACKUP_STATIC_${name}})
  endforeach()
  target_link_libraries(dbbackup_dependencies INTERFACE fmt::fmt-header-only)
  target_link_libraries(dbbackup_logging INTERFACE spdlog::spdlog_header_only)
  target_link_options(dbbackup_dependencies INTERFACE -static-libstdc++ -static-libgcc)
  set(DBBACKUP_WITH_ISAL OFF) # Debian has it only as a shared library
else()
  target_link_libraries(dbbackup_dependencies INTERFACE ZLIB::ZLIB PkgConfig::LIBZSTD
                                                        PkgConfig::LIBXXHASH fmt::fmt)
  target_link_libraries(dbbackup_logging INTERFACE spdlog::spdlog)
endif()

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
