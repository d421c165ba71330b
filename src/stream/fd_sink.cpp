#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/fd.hpp>

#include <fcntl.h>
#include <utility>

namespace dbbackup::stream {

namespace {

constexpr std::uint64_t k_writeback_step = std::uint64_t{8} << 20;

} // namespace

FdSink::FdSink(int fd, std::string name, std::string elsewhere)
    : fd_(fd), name_(std::move(name)), elsewhere_(std::move(elsewhere)) {
}

void FdSink::write(base::Bytes bytes) {
    sys::write_all(fd_, bytes, name_, elsewhere_);
    written_ += bytes.size();
    if (written_ - writeback_started_ >= k_writeback_step) {
        start_writeback();
    }
}

/// Only a hint: a failure, as on a pipe, does no harm, and fsync reports lost writes.
void FdSink::start_writeback() noexcept {
#ifdef __linux__
    sync_file_range(fd_, static_cast<off_t>(writeback_started_),
                    static_cast<off_t>(written_ - writeback_started_), SYNC_FILE_RANGE_WRITE);
#endif
    writeback_started_ = written_;
}

} // namespace dbbackup::stream
