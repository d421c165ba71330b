#pragma once

#include "ops/child_source.hpp"

#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/store/dump_directory.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/fd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// What reading a dump from end to end told.
struct DumpPass {
    std::string sha256; ///< of the file
    std::uint64_t size = 0;
    std::uint64_t sql_bytes = 0;
};

/// A dump of any kind as it lies on the disk, held open: whatever happens to its name, each pass
/// reads the same file.
class DumpFile {
public:
    /// `path_variable`: where to look for pg_restore beside the usual places. Throws base::Error.
    DumpFile(const store::FoundDump& dump, const std::optional<std::filesystem::path>& bin_dir,
             const std::string& path_variable);

    /// For messages and commands.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    /// In pg_dump's custom format.
    [[nodiscard]] bool is_archive() const noexcept { return is_archive_; }

    /// A path of the open file for a child that inherits fd().
    [[nodiscard]] std::string path_for_children() const;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// Shows its SQL to `observer`, which holds `scanner`, and tells the listener how far it has
    /// come. Throws base::Error{damaged} where the file is not sound, what `observer` throws, and
    /// base::Interrupted.
    [[nodiscard]] DumpPass read(stream::Observer& observer, const pg::DumpScanner& scanner,
                                const ChildWatch& watch, Progress::Phase phase) const;

    /// Reads the file alone, not its SQL.
    [[nodiscard]] DumpPass hash() const;

private:
    [[nodiscard]] std::optional<stream::Block> pull(stream::BlockSource& decoder) const;
    [[nodiscard]] DumpPass read_plain(stream::Observer& observer, const pg::DumpScanner& scanner,
                                      const ChildWatch& watch, Progress::Phase phase) const;
    [[nodiscard]] DumpPass read_archive(stream::Observer& observer, const pg::DumpScanner& scanner,
                                        const ChildWatch& watch, Progress::Phase phase) const;

    std::string path_;
    sys::Fd fd_;
    std::uint64_t size_ = 0;
    bool is_archive_ = false;
    stream::CompressionMethod compression_ = stream::CompressionMethod::none;
    std::string pg_restore_; ///< program; only for an archive
};

} // namespace dbbackup::ops
