# The compiler options of every target of the project: link the target to dbbackup_compiler.

# Older ones lack parts of C++20 that the sources use, and would report a page of errors.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "dbbackup needs g++ 12 or later; this is ${CMAKE_CXX_COMPILER_VERSION}")
elseif(CMAKE_CXX_COMPILER_ID MATCHES "^(Apple)?Clang$" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "dbbackup needs clang 14 or later; this is ${CMAKE_CXX_COMPILER_VERSION}")
endif()

add_library(dbbackup_compiler INTERFACE)
target_compile_features(dbbackup_compiler INTERFACE cxx_std_20)
target_compile_options(dbbackup_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                   -Wnon-virtual-dtor)
if(DBBACKUP_WERROR)
  target_compile_options(dbbackup_compiler INTERFACE -Werror)
endif()
if(DBBACKUP_SANITIZE)
  # Not the tests' own macros for undefined behaviour: that doubles the time to compile them.
  target_compile_options(
    dbbackup_compiler
    INTERFACE -fsanitize=${DBBACKUP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
              $<$<BOOL:$<TARGET_PROPERTY:DBBACKUP_IS_TEST>>:-fno-sanitize=undefined>)
  target_link_options(dbbackup_compiler INTERFACE -fsanitize=${DBBACKUP_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With sanitizers, g++ 12 wrongly reports this for std::regex, which Catch2 uses.
    target_compile_options(dbbackup_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these, ccache stores nothing that uses a precompiled header (its manual, "Precompiled
  # headers"). No source here uses the time of compilation.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  target_compile_options(dbbackup_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
