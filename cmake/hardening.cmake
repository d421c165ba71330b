# Makes bugs in the program harder to exploit. Not with sanitizers, which do more, and conflict with
# it. tests/packaging/test_hardening.cpp checks the binary.

include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)
include(CheckLinkerFlag)

# Only in optimized builds: the C library's checks need the optimizer.
set(DBBACKUP_HARDENED OFF)
if(NOT DBBACKUP_SANITIZE AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
  set(DBBACKUP_HARDENED ON)
endif()

# Only for installed programs.
add_library(dbbackup_hardening INTERFACE)

function(dbbackup_harden_code flag)
  string(MAKE_C_IDENTIFIER "DBBACKUP_CODE_${flag}" known)
  check_cxx_compiler_flag(${flag} ${known})
  if(${known})
    target_compile_options(dbbackup_hardening INTERFACE ${flag})
  endif()
endfunction()

function(dbbackup_harden_link flag)
  string(MAKE_C_IDENTIFIER "DBBACKUP_LINK_${flag}" known)
  check_linker_flag(CXX ${flag} ${known})
  if(${known})
    target_link_options(dbbackup_hardening INTERFACE ${flag})
  endif()
endfunction()

if(DBBACKUP_HARDENED)
  dbbackup_harden_code(-fstack-protector-strong)
  dbbackup_harden_code(-fstack-clash-protection)
  # Chosen by processor, because clang only warns about an option of another processor.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i.86)$")
    dbbackup_harden_code(-fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    dbbackup_harden_code(-mbranch-protection=standard)
  endif()
  # Not by POSITION_INDEPENDENT_CODE: in a static library that means -fPIC, which is slower.
  dbbackup_harden_code(-fPIE)
  dbbackup_harden_link(-pie)
  dbbackup_harden_link(LINKER:-z,relro)
  dbbackup_harden_link(LINKER:-z,now)
  dbbackup_harden_link(LINKER:-z,noexecstack)
  target_compile_definitions(dbbackup_hardening INTERFACE _GLIBCXX_ASSERTIONS)

  # Level 3 also knows the size of allocated memory. A compiler or a C library without that level
  # warns, or silently uses a lower one.
  set(CMAKE_REQUIRED_FLAGS "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_cxx_source_compiles(
    "#include <cstdlib>
     #if __USE_FORTIFY_LEVEL < 3
     #error
     #endif
     int main() {}"
    DBBACKUP_FORTIFY_3)
  unset(CMAKE_REQUIRED_FLAGS)
  # -U: some compilers define it by themselves.
  target_compile_options(dbbackup_hardening
                         INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$<IF:$<BOOL:${DBBACKUP_FORTIFY_3}>,3,2>)
endif()
message(STATUS "Hardening: ${DBBACKUP_HARDENED}")
