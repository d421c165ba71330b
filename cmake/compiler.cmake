# What every target of the project is compiled with: link dbbackup_compiler to it.

# Older ones lack parts of C++20 that the sources use, and would say so in a page of errors.
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
  target_compile_options(
    dbbackup_compiler INTERFACE -fsanitize=${DBBACKUP_SANITIZE} -fno-omit-frame-pointer
                                -fno-sanitize-recover=all)
  target_link_options(dbbackup_compiler INTERFACE -fsanitize=${DBBACKUP_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Sanitized, g++ 12 believes this of std::regex, which Catch2 uses.
    target_compile_options(dbbackup_compiler INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these it stores nothing that uses a precompiled header (ccache's manual, "Precompiled
  # headers"). No source here asks for the time of its compilation.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
                                  CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  target_compile_options(dbbackup_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
