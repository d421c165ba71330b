#include "ops/transfer/export_output.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace dbbackup::ops {

namespace {

bool is_same_directory(int fd, const std::filesystem::path& path) {
    struct stat one {};

    struct stat other {};

    return ::fstat(fd, &one) == 0 && ::stat(path.c_str(), &other) == 0 &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// With a hint for exports: directories are opened for dumps elsewhere.
sys::Directory open_parent(const std::filesystem::path& path) {
    try {
        return sys::Directory::open(path);
    } catch (const base::SystemError& error) {
        throw base::Error{error.kind(), error.what(), "Name another place with --output."};
    }
}

/// A directory that holds nothing but files, as AtomicDirectory makes it.
void remove_abandoned_directory(const NewName& place, const std::string& partial) {
    const sys::Directory left = sys::Directory::open(place.directory.path() / partial);
    for (const std::string& file : left.entries()) {
        if (left.find_file(file)) {
            left.remove(file);
        }
    }
    ::unlinkat(place.directory.fd(), partial.c_str(), AT_REMOVEDIR);
}

} // namespace

TextWriter::TextWriter(int fd, const std::string& name, stream::CompressionMethod compression,
                       const std::string& elsewhere)
    : disk_(fd, name, elsewhere), sink_(disk_, file_), blocks_(stream::k_block_size),
      block_(blocks_.take()), encoder_(stream::make_encoder(
                                  {.method = compression, .level = std::nullopt}, sink_, blocks_)) {
}

void TextWriter::write(std::string_view text) {
    if (!text_is_summed_) {
        text_.observe(base::as_bytes(text));
    }
    text_size_ += text.size();
    while (!text.empty()) {
        const std::size_t room = block_.capacity() - block_.size();
        const std::string_view piece = text.substr(0, room);
        std::memcpy(block_.data() + block_.size(), piece.data(), piece.size());
        block_.resize(block_.size() + piece.size());
        text.remove_prefix(piece.size());
        if (block_.size() == block_.capacity()) {
            encoder_->push(std::exchange(block_, blocks_.take()));
            block_.resize(0);
        }
    }
}

std::string TextWriter::text_sha256() {
    text_is_summed_ = true;
    return text_.sha256();
}

void TextWriter::finish() {
    if (block_.size() > 0) {
        encoder_->push(std::move(block_));
    }
    encoder_->finish();
}

NewName find_place(const std::filesystem::path& path, const std::filesystem::path& dump_directory) {
    const std::string name = path.filename();
    if (name.empty() || name == "." || name == "..") {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("'{}' names no file (--output)", base::printable(path.native())),
            "Write the name of the new file, too."};
    }
    const std::filesystem::path parent = path.parent_path();
    NewName place{open_parent(parent.empty() ? "." : parent), name};
    if (is_same_directory(place.directory.fd(), dump_directory)) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("'{}' is the dump directory, where only dumps belong",
                                      base::printable(place.directory.path().native())),
                          "Name another place for the export with --output."};
    }
    if (place.directory.contains(name)) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("'{}' exists", base::printable(place.path())),
                          "An export never replaces a file. Choose another name with --output, or "
                          "move that one away."};
    }
    return place;
}

void remove_abandoned(const NewName& place) {
    const std::string partial = sys::AtomicFile::partial_name_of(place.name);
    const sys::Fd left{::openat(place.directory.fd(), partial.c_str(),
                                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    struct stat status {};

    if (!left || ::fstat(left.get(), &status) != 0) {
        return; // there is none, or making it will say what is wrong
    }
    if (::flock(left.get(), LOCK_EX | LOCK_NB) != 0) {
        throw base::Error{
            base::ErrorKind::locked,
            fmt::format("another export is writing '{}'", base::printable(place.path())),
            "Wait for its end, or choose another name with --output."};
    }
    if (status.st_uid != ::geteuid()) {
        return;
    }
    if (S_ISDIR(status.st_mode)) {
        remove_abandoned_directory(place, partial);
    } else {
        sys::AtomicFile::remove_leftover(place.directory, partial, left.get());
    }
}

void mark_in_use(int fd) {
    (void)::flock(fd, LOCK_EX | LOCK_NB);
}

} // namespace dbbackup::ops
