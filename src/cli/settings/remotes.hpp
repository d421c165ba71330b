#pragma once

#include <dbbackup/store/remote.hpp>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace dbbackup::cli {

/// The tables [remote.NAME] of the configuration.
class Remotes {
public:
    /// Takes `item` if it is in such a table; false if it is not.
    bool take(const CLI::ConfigItem& item);

    /// Throws base::Error{usage} if there is no such remote, or its table is wrong.
    [[nodiscard]] store::RemoteSettings find(const std::string& name) const;

    /// Which ones there are or, if there are none, how to add one; as a sentence.
    [[nodiscard]] std::string describe() const;

    /// All of them, by name, checked likewise.
    [[nodiscard]] std::vector<store::RemoteSettings> all() const;

private:
    using Table = std::map<std::string, std::vector<std::string>>;

    std::map<std::string, Table> tables_;
};

} // namespace dbbackup::cli
