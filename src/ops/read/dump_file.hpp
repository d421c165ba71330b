#pragma once

#include "ops/client/progress_report.hpp"
#include "ops/seal/age_program.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/pg/client_tools.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/store/dump_query.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/stream/pump.hpp>
#include <dbbackup/sys/fd.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dbbackup::ops {

/// The result of reading a dump in full.
struct DumpPass {
    std::string sha256; ///< of the file
    std::uint64_t size = 0;
    std::uint64_t sql_bytes = 0;
};

/// A dump of any kind on disk, held open: whatever happens to its name, each pass reads the same
/// file.
class DumpFile {
public:
    /// Throws base::Error{failed} if it cannot be opened: also if it is sealed and there is no
    /// identity, or another one; {damaged} if its manifest shows that this is because it changed.
    DumpFile(const store::FoundDump& dump, const Context& context);

    /// A sealed dump that has no name yet, open as `fd`. `path` names it in errors.
    DumpFile(int fd, std::string path, const Context& context);

    /// For messages and commands.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// age sealed it: only age, with an identity, reads it.
    [[nodiscard]] bool is_sealed() const noexcept { return opening_.has_value(); }

    /// In pg_dump's custom format.
    [[nodiscard]] bool is_archive() const noexcept;

    /// The database named in an archive; nothing for a plain dump, which does not name one.
    [[nodiscard]] std::optional<std::string> archived_database() const;

    /// The one choice of pg_restore for an archive, to read it and to restore it: the lowest
    /// version that can. Its output then differs least from that of the pg_dump that made it.
    /// Throws base::Error{failed} if none is installed that can.
    [[nodiscard]] pg::ClientTools choose_reader() const;

    [[nodiscard]] stream::CompressionMethod compression() const noexcept;

    /// It has a manifest, readable or not, or a name in dbbackup's format.
    [[nodiscard]] bool is_known_as_dump() const noexcept { return is_known_as_dump_; }

    /// Throws base::Error{failed} for a file that begins like another program's.
    void require_known_format() const;

    /// A path to the open file, for a child that inherits fd().
    [[nodiscard]] std::string path_for_children() const;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// Passes its SQL to `observer`, which holds `scanner`, and reports progress to the listener.
    /// Throws base::Error{damaged} if the file is not sound (stream::DamagedMember if the member is
    /// known), {failed} if it cannot be read here, anything that `observer` throws, and
    /// base::Interrupted.
    [[nodiscard]] DumpPass read(stream::Observer& observer, const pg::DumpScanner& scanner,
                                const ChildWatch& watch, Progress::Phase phase) const;

    /// Passes the SQL of a plain dump to `look` until that returns false. Throws base::Error if it
    /// cannot be read or decompressed.
    void skim(const std::function<bool(base::Bytes)>& look) const;

    /// Reads only the file, not its SQL.
    [[nodiscard]] DumpPass hash() const;

private:
    /// How to open a sealed dump.
    struct Opening {
        AgeProgram age;
        std::shared_ptr<const IdentityFile> identity;
    };

    void open_seal(const Context& context);
    [[nodiscard]] std::string open_beginning() const;
    /// The dump in clear, from its start.
    [[nodiscard]] std::unique_ptr<stream::Source> open_bytes() const;
    [[nodiscard]] DumpPass read_sealed_archive(stream::Observer& observer,
                                               const pg::DumpScanner& scanner,
                                               const ChildWatch& watch,
                                               Progress::Phase phase) const;
    [[nodiscard]] DumpPass read_plain(stream::Observer& observer, const pg::DumpScanner& scanner,
                                      const ChildWatch& watch, Progress::Phase phase) const;
    [[nodiscard]] DumpPass read_archive(stream::Observer& observer, const pg::DumpScanner& scanner,
                                        const ChildWatch& watch, Progress::Phase phase) const;

    std::string path_;
    sys::Fd fd_;
    std::optional<std::filesystem::path> bin_dir_;
    std::string path_variable_;
    std::optional<Opening> opening_;             ///< of a sealed dump
    std::string beginning_;                      ///< its first bytes, in clear
    std::optional<std::string> recorded_sha256_; ///< from its manifest
    bool is_known_as_dump_;
};

} // namespace dbbackup::ops
