#pragma once

#include "ops/read/dump_file.hpp"

#include <string>

namespace dbbackup::ops {

/// Throws base::Error{failed} that says what the file seems to be, if nothing says that it was ever
/// a dump: neither a manifest nor a name as dbbackup gives them, nor any mark of pg_dump. To be
/// asked of a file that could not be read as a dump; such a mark is soon found in any other.
void require_sign_of_dump(const DumpFile& file);

/// What to do with a dump that pg_dump --create made, which goes into a database of its own; empty
/// for any other file.
[[nodiscard]] std::string hint_for_created_database(const DumpFile& file);

} // namespace dbbackup::ops
