#pragma once

#include <dbbackup/sys/child_process.hpp>

#include <string>
#include <string_view>

/// pg_restore 17 and later begins each session with `SET transaction_timeout = 0`, whatever the
/// server (pg_backup_archiver.c, _doSetFixedOutputState). A server before 17 refuses that. With
/// --exit-on-error that is the end. Without it pg_restore goes on, counts its errors and exits 1.
///
/// The count tells whether anything else failed. With one job pg_restore sends its settings once;
/// with more, its main process does so twice, before and after the
/// workers run (restore_toc_entries_prefork, _postfork). A worker begins each item with a count of
/// 0, so its own refused setting does not count, and each item that fails adds at least 1 to the
/// main process's count (mark_restore_job_done). So 1, or 2, means that nothing failed but this
/// setting; measured with 17.11 and 18.6 on servers 13 and 16.
///
/// The server's messages may be translated, and code in the dump can forge any line of them: they
/// decide nothing in favour of a restore. pg_restore writes its count last, after its sessions have
/// ended, and no message of a server ends a fatal error without the lines of its context.
namespace dbbackup::ops {

[[nodiscard]] bool is_timeout_refused(int client_major, int server_major);

/// Whether pg_restore, with --jobs=`jobs`, ended as it does if only that setting was refused.
[[nodiscard]] bool only_timeout_failed(const sys::ExitStatus& status, std::string_view said,
                                       unsigned jobs);

/// Whether `said`, which may be incomplete, holds another error.
[[nodiscard]] bool shows_other_error(std::string_view said);

/// `said` without that error and without its count.
[[nodiscard]] std::string without_timeout_errors(std::string_view said, unsigned jobs);

} // namespace dbbackup::ops
