#include "cli/run_record/memory_file.hpp"

#include <dbbackup/base/bytes.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/sys/unnamed_file.hpp>

#include <cerrno>
#include <unistd.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace dbbackup::cli {

sys::Fd make_memory_file(std::string_view content) {
#ifdef __linux__
    sys::Fd file{::memfd_create("dbbackup", MFD_CLOEXEC)};
    if (!file) {
        throw base::system_error("make a file in memory", errno);
    }
#else
    sys::Fd file = sys::make_unnamed_file();
#endif
    sys::write_all(file.get(), base::as_bytes(content), "a file in memory");
    if (::lseek(file.get(), 0, SEEK_SET) != 0) {
        throw base::system_error("read a file in memory", errno);
    }
    return file;
}

} // namespace dbbackup::cli
