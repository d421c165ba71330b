#pragma once

#include "store/remote/rclone.hpp"

#include <dbbackup/store/remote.hpp>

namespace dbbackup::store {

/// A remote that rclone knows.
class RcloneRemote : public Remote {
public:
    RcloneRemote(const RemoteSettings& settings, const std::vector<std::string>& environment);

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
    /// It stores objects, which appear whole or not at all, and cannot be renamed.
    [[nodiscard]] bool stores_objects();
    [[nodiscard]] bool has_clock();
    /// rclone's name of the kind of service: "s3". Of a remote that wraps another: its own.
    [[nodiscard]] std::string type();
    /// `arguments` of rclone's copy come before the source and the target.
    void upload(int fd, const std::string& name, std::vector<std::string> arguments,
                const Watch& watch);
    [[nodiscard]] std::optional<RemoteFile> find(const std::string& name);

    Rclone rclone_;
    std::optional<bool> stores_objects_;
    std::optional<std::string> type_;
};

} // namespace dbbackup::store
