# Run by cpack on what it is about to pack: what Debian wants of documents, and nobody else.

set(share ${CPACK_TEMPORARY_DIRECTORY}/usr/share)
foreach(name copyright changelog)
  configure_file(${CPACK_DBBACKUP_DEBIAN_DIR}/${name} ${share}/doc/dbbackup/${name} COPYONLY)
endforeach()
# -n: no time in it, so that the same sources make the same file.
execute_process(COMMAND gzip -9nf ${share}/man/man1/dbbackup.1 ${share}/doc/dbbackup/changelog
                COMMAND_ERROR_IS_FATAL ANY)
