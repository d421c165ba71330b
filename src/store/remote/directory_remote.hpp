#pragma once

#include <dbbackup/store/remote.hpp>
#include <dbbackup/sys/directory.hpp>

namespace dbbackup::store {

/// Another directory of this machine: another disk, or a mounted share.
class DirectoryRemote : public Remote {
public:
    /// Throws base::Error if the directory does not exist: a disk that is not mounted must not get
    /// an empty one in its place.
    explicit DirectoryRemote(const RemoteSettings& settings);

    [[nodiscard]] std::string path_of(const std::string& name) const override;
    [[nodiscard]] std::vector<RemoteFile> list() override;
    [[nodiscard]] std::map<std::string, std::string>
    read_texts(const std::vector<std::string>& names) override;
    [[nodiscard]] std::unique_ptr<stream::Source> read(const std::string& name,
                                                       std::uint64_t size) override;
    void write(int fd, const std::string& name, Existing existing, const Watch& watch) override;
    void remove(const std::string& name) override;
    [[nodiscard]] std::optional<std::string> find_own_md5(const std::string& name,
                                                          std::uint64_t size) override;
    [[nodiscard]] std::optional<base::UtcTime> find_now() override;

private:
    sys::Directory files_;
};

} // namespace dbbackup::store
