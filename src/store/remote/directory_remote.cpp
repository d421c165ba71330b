#include "store/remote/directory_remote.hpp"

#include "store/remote/upload_name.hpp"

#include <dbbackup/base/command_line.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest.hpp>
#include <dbbackup/stream/fd_sink.hpp>
#include <dbbackup/stream/fd_source.hpp>
#include <dbbackup/sys/atomic_file.hpp>
#include <dbbackup/sys/signals.hpp>
#include <dbbackup/sys/user.hpp>

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

sys::Directory open_existing(const RemoteSettings& settings) {
    try {
        return sys::Directory::open(settings.target);
    } catch (const base::SystemError& error) {
        if (error.error_number() != ENOENT) {
            throw;
        }
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("remote '{}': there is no directory '{}'", settings.name,
                                      base::printable(settings.target)),
                          "If it is on another disk, mount that. If it is new, make it: " +
                              base::shell_words({"mkdir", "-m", "700", settings.target})};
    }
}

class FileSource : public stream::Source {
public:
    FileSource(sys::Fd fd, std::string name, std::uint64_t size)
        : fd_(std::move(fd)), name_(std::move(name)), source_(fd_.get(), name_), size_(size) {}

    std::size_t read(std::byte* buffer, std::size_t size) override {
        sys::throw_if_interrupted();
        const std::size_t got = source_.read(buffer, size);
        read_ += got;
        if (got == 0 && read_ != size_) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("'{}' has {} bytes, not {}", name_, read_, size_)};
        }
        return got;
    }

private:
    sys::Fd fd_;
    std::string name_;
    stream::FdSource source_;
    std::uint64_t size_;
    std::uint64_t read_ = 0;
};

} // namespace

DirectoryRemote::DirectoryRemote(const RemoteSettings& settings) : files_(open_existing(settings)) {
}

std::string DirectoryRemote::path_of(const std::string& name) const {
    return files_.path_of(name);
}

std::vector<RemoteFile> DirectoryRemote::list() {
    std::vector<RemoteFile> found;
    for (const std::string& name : files_.entries()) {
        if (const auto file = files_.find_file(name)) {
            found.push_back({.name = name,
                             .size = file->size,
                             .foreign_owner = files_.trusts(file->owner)
                                                  ? std::string{}
                                                  : sys::describe_user(file->owner)});
        }
    }
    return found;
}

std::map<std::string, std::string>
DirectoryRemote::read_texts(const std::vector<std::string>& names) {
    std::map<std::string, std::string> texts;
    for (const std::string& name : names) {
        sys::throw_if_interrupted();
        try {
            texts.emplace(name, files_.read_file(name, k_most_manifest_bytes));
        } catch (const base::SystemError& error) {
            if (error.is_shortage()) {
                throw;
            }
        } catch (const base::Error&) {
            continue; // too large, or no regular file any more
        }
    }
    return texts;
}

std::unique_ptr<stream::Source> DirectoryRemote::read(const std::string& name, std::uint64_t size) {
    sys::Fd fd = files_.open_file(name);
    // What was just written is to be read from the disk, as far as the kernel permits.
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    return std::make_unique<FileSource>(std::move(fd), base::printable(files_.path_of(name)), size);
}

void DirectoryRemote::write(int fd, const std::string& name, Existing existing,
                            const Watch& watch) {
    sys::AtomicFile file{files_, name, make_upload_name(name)};
    stream::FdSource source{fd, "the dump"};
    stream::FdSink sink{file.fd(), base::printable(file.partial_path())};
    stream::Block block{stream::k_block_size};
    std::uint64_t written = 0;
    while (const std::size_t got = source.read(block.data(), block.capacity())) {
        sys::throw_if_interrupted();
        block.resize(got);
        sink.write(block.bytes());
        written += got;
        watch.on_progress(written);
    }
    sink.finish();
    file.sync();
    watch.before_naming();
    files_.require_in_place();
    if (existing == Existing::replaced) {
        file.replace();
    } else {
        file.commit();
    }
    files_.sync();
}

void DirectoryRemote::remove(const std::string& name) {
    files_.remove(name);
    files_.sync();
}

std::optional<std::string> DirectoryRemote::find_own_md5(const std::string& /*name*/,
                                                         std::uint64_t /*size*/) {
    return std::nullopt;
}

std::optional<base::UtcTime> DirectoryRemote::find_now() {
    return std::nullopt; // whoever owns a file sets its times
}

} // namespace dbbackup::store
