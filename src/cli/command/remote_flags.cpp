#include "cli/command/remote_flags.hpp"

#include <algorithm>

namespace dbbackup::cli {

CLI::Option* FromFlag::add_to(CLI::App& app, const std::string& text) {
    return app.add_option("--from", from, text)->type_name("REMOTE")->configurable(false);
}

std::optional<store::RemoteSettings> FromFlag::remote(const Settings& settings) const {
    return from ? std::optional{settings.remotes().find(*from)} : std::nullopt;
}

CLI::Option* ToFlag::add_to(CLI::App& app, const std::string& text) {
    return app.add_option("--to", to, text)->type_name("REMOTE")->allow_extra_args(false);
}

std::vector<store::RemoteSettings> ToFlag::remotes(const Settings& settings) const {
    std::vector<store::RemoteSettings> remotes;
    for (const std::string& name : to) {
        if (std::ranges::count(remotes, name, &store::RemoteSettings::name) == 0) {
            remotes.push_back(settings.remotes().find(name));
        }
    }
    return remotes;
}

} // namespace dbbackup::cli
