#pragma once

#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/fd.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::stream {

/// Writes to a file descriptor that it does not own, from the start of the file. On Linux,
/// writeback to the disk starts early, so that the caller's fsync at the end is short. `name` names
/// the file in errors, and `elsewhere` another place, as in sys::write_all().
class FdSink : public Sink {
public:
    FdSink(int fd, std::string name, std::string elsewhere = sys::k_choose_directory);

    void write(base::Bytes bytes) override;

    void finish() override {}

private:
    void start_writeback() noexcept;

    int fd_;
    std::string name_;
    std::string elsewhere_;
    std::uint64_t written_ = 0;
    std::uint64_t writeback_started_ = 0;
};

} // namespace dbbackup::stream
