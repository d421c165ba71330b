#pragma once

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/store/dump_query.hpp>

#include <filesystem>
#include <string>

namespace dbbackup::ops {

/// Throws base::Error{failed} if what `query` names is an export, for a command that takes only
/// dumps.
void require_no_export(const store::DumpQuery& query);

/// Throws base::Error{failed} if `path` is there and is easily taken for an export: a file of a CSV
/// export, a CSV or JSON file of another program, or the list that `export` printed.
/// `command_line` is that of `import`.
void require_no_likeness_of_export(const std::filesystem::path& path,
                                   const base::CommandLine& command_line);

/// The command that shows what an import of the export would do.
[[nodiscard]] std::string command_to_try_import(const std::string& path,
                                                const base::CommandLine& command_line);

} // namespace dbbackup::ops
