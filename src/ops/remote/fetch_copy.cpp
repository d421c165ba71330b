#include "ops/dump/publish_dump.hpp"
#include "ops/remote/copy_download.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/private_directory.hpp>

#include <cstdlib>
#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// Before an hour of fetching. Who only wants the file pulls it.
void require_identity(const std::string& path, const store::Manifest& manifest,
                      const Context& context) {
    if (manifest.seal && !context.identity) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("'{}' is sealed: only an identity opens it", base::printable(path)),
            "It was not fetched. Name the file with the secret key of one of its recipients with "
            "--identity or in DBBACKUP_IDENTITY_FILE."};
    }
}

class PrivateCopy : public FetchedCopy {
public:
    PrivateCopy(const ListedRemote& there, const ChosenCopy& copy, Listener& listener)
        : directory_(temporary_directory(), k_prefix, std::nullopt), name_(copy.entry.name),
          origin_(there.remote->path_of(copy.entry.name)) {
        // What killed runs fetched: it is removed with what is returned.
        (void)sys::PrivateDirectory::adopt_abandoned(temporary_directory(), k_prefix);
        const auto files = sys::Directory::open(directory_.path());
        require_room(files, copy.entry.size,
                     "Set TMPDIR to a directory with more room, or pull the copy into a dump "
                     "directory and use it from there.");
        sys::AtomicFile file{files, name_};
        download(there, copy.entry, file, listener);
        publish_dump(file, copy.manifest, files, listener);
    }

    [[nodiscard]] std::filesystem::path path() const override { return directory_.path() / name_; }

    [[nodiscard]] std::string origin() const override { return origin_; }

private:
    static constexpr const char* k_prefix = "dbbackup-fetched";

    static std::filesystem::path temporary_directory() {
        const char* named = ::secure_getenv("TMPDIR");
        return named == nullptr || *named == '\0' ? "/var/tmp" : named;
    }

    sys::PrivateDirectory directory_;
    std::string name_;
    std::string origin_;
};

} // namespace

std::unique_ptr<FetchedCopy> fetch_copy(const FetchRequest& request,
                                        const store::RemoteSettings& remote,
                                        const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const ChosenCopy copy = choose_to_fetch(there, request, remote, context);
    require_identity(there.remote->path_of(copy.entry.name), *copy.entry.manifest, context);
    return std::make_unique<PrivateCopy>(there, copy, context.listener);
}

} // namespace dbbackup::ops
