#pragma once

#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/encoder.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/sys/atomic_directory.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/directory.hpp>
#include <dbbackup/sys/fd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

// Where an export is written to.

namespace dbbackup::ops {

/// For an export that has a name: see sys::write_all().
inline constexpr const char* k_name_another_place = "name another place with --output";

/// Text on its way to an open file, perhaps compressed.
class TextWriter {
public:
    /// `name` and `elsewhere` as in stream::FdSink.
    TextWriter(int fd, const std::string& name, stream::CompressionMethod compression,
               const std::string& elsewhere);

    /// Throws base::Error.
    void write(std::string_view text);
    /// The SHA-256 of all text so far; later text does not count. Call it once.
    [[nodiscard]] std::string text_sha256();

    /// Call it at the end. Throws base::Error.
    void finish();

    [[nodiscard]] std::uint64_t text_size() const noexcept { return text_size_; }

    /// Of what is in the file; only after finish().
    [[nodiscard]] std::uint64_t size() const noexcept { return file_.size(); }
    [[nodiscard]] std::string sha256() { return file_.sha256(); }

private:
    stream::FdSink disk_;
    stream::Checksum file_;
    stream::ObservedSink sink_;
    stream::BlockPool blocks_;
    stream::Checksum text_;
    bool text_is_summed_ = false;
    std::uint64_t text_size_ = 0;
    stream::Block block_;
    std::unique_ptr<stream::BlockSink> encoder_;
};

/// The directory and the name of a file or directory to be made.
struct NewName {
    sys::Directory directory;
    std::string name;

    [[nodiscard]] std::string path() const { return directory.path_of(name); }
};

/// Opens the directory of `path`. Throws base::Error: {usage} if that is the dump directory or
/// `path` names no file, {failed} if the directory does not exist or has something of that name.
[[nodiscard]] NewName find_place(const std::filesystem::path& path,
                                 const std::filesystem::path& dump_directory);

/// Removes what a killed export of that name has left. Throws base::Error{locked} if another
/// export is writing it.
void remove_abandoned(const NewName& place);

/// Shows others that the open file or directory is being written.
void mark_in_use(int fd);

} // namespace dbbackup::ops
