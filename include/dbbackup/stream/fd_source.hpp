#pragma once

#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <string>

namespace dbbackup::stream {

/// Reads a file from its start, whatever the position of the descriptor, which it does not own.
/// `name` names the file in errors.
class FdSource : public Source {
public:
    FdSource(int fd, std::string name);

    [[nodiscard]] std::size_t read(std::byte* buffer, std::size_t size) override;

private:
    int fd_;
    std::string name_;
    std::uint64_t offset_ = 0;
};

} // namespace dbbackup::stream
