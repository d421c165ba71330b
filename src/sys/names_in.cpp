#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/names_in.hpp>

#include <system_error>

namespace dbbackup::sys {

std::vector<std::string> names_in(const std::filesystem::path& path) {
    std::vector<std::string> names;
    std::error_code failure;
    for (std::filesystem::directory_iterator entry{path, failure};
         !failure && entry != std::filesystem::directory_iterator{}; entry.increment(failure)) {
        names.push_back(entry->path().filename());
    }
    const bool is_none = failure == std::errc::no_such_file_or_directory ||
                         failure == std::errc::not_a_directory ||
                         failure == std::errc::permission_denied;
    if (failure && !is_none) {
        throw base::system_error("read the directory '" + base::printable(path.native()) + "'",
                                 failure.value());
    }
    return names;
}

} // namespace dbbackup::sys
