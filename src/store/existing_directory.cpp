#include <dbbackup/base/error.hpp>
#include <dbbackup/store/existing_directory.hpp>

#include <cerrno>
#include <fmt/format.h>

namespace dbbackup::store {

DumpDirectory open_existing(const std::filesystem::path& path,
                            const base::CommandLine& command_line) {
    try {
        return DumpDirectory::open(path);
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT) {
            throw;
        }
        throw base::SystemError{error.what(),
                                fmt::format("If your dumps are elsewhere, name their directory "
                                            "with --dir. If there are none yet, take the first: {}",
                                            command_line.another({"dump"})),
                                ENOENT};
    }
}

} // namespace dbbackup::store
