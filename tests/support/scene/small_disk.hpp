#pragma once

#include "support/temp_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace dbbackup::test {

/// A separate file system in memory. Only root can mount one: ask `there()` first.
class SmallDisk {
public:
    /// `size` as mount(8) takes it for tmpfs: "1m".
    explicit SmallDisk(const std::string& size);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Reports it in the test's output if not.
    [[nodiscard]] bool there() const;

    [[nodiscard]] std::filesystem::path path() const { return temp_.path(); }

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return temp_ / name;
    }

    /// Uses all space except `left` bytes, with a file beside the others.
    void fill_up(std::uint64_t left) const;
    void make_read_only() const;

private:
    TempDir temp_;
    bool mounted_;
};

} // namespace dbbackup::test
