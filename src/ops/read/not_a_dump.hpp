#pragma once

#include "ops/read/dump_file.hpp"

#include <string>

namespace dbbackup::ops {

/// Throws base::Error{failed} that says what the file seems to be, if nothing shows that it was
/// ever a dump: no manifest, no name in dbbackup's format, no mark of pg_dump. Call it for a file
/// that could not be read as a dump; in others, such a mark is found early.
void require_sign_of_dump(const DumpFile& file);

/// What to do with a dump by pg_dump --create, which creates its own database; empty for any other
/// file.
[[nodiscard]] std::string hint_for_created_database(const DumpFile& file);

} // namespace dbbackup::ops
