#include "cli/command/remote_flags.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

[[noreturn]] void throw_not_named(const Settings& settings, const char* option) {
    throw base::Error{base::ErrorKind::usage,
                      fmt::format("no remote is named: give one with {}", option),
                      settings.remotes().describe()};
}

/// What is in the dump directory itself would count as its own copy.
void require_elsewhere(const store::RemoteSettings& remote, const Settings& settings) {
    std::error_code ignored;
    if (remote.target.starts_with('/') &&
        std::filesystem::equivalent(remote.target, settings.directory(), ignored)) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("remote '{}': its target '{}' is the dump directory itself", remote.name,
                        base::printable(remote.target)),
            "A copy must be in another place. Give the remote another target, best on another "
            "disk. For the dumps here, leave out the remote."};
    }
}

store::RemoteSettings find(const Settings& settings, const std::string& name) {
    store::RemoteSettings remote = settings.remotes().find(name);
    require_elsewhere(remote, settings);
    return remote;
}

} // namespace

std::vector<store::RemoteSettings> all_remotes(const Settings& settings) {
    std::vector<store::RemoteSettings> remotes = settings.remotes().all();
    for (const store::RemoteSettings& remote : remotes) {
        require_elsewhere(remote, settings);
    }
    return remotes;
}

CLI::Option* FromFlag::add_to(CLI::App& app, const std::string& text) {
    return app.add_option("--from", from, text)->type_name("REMOTE")->configurable(false);
}

std::optional<store::RemoteSettings> FromFlag::remote(const Settings& settings) const {
    return from ? std::optional{find(settings, *from)} : std::nullopt;
}

store::RemoteSettings FromFlag::required_remote(const Settings& settings) const {
    if (!from) {
        throw_not_named(settings, "--from");
    }
    return find(settings, *from);
}

CLI::Option* ToFlag::add_to(CLI::App& app, const std::string& text) {
    return app.add_option("--to", to, text)->type_name("REMOTE")->allow_extra_args(false);
}

std::vector<store::RemoteSettings> ToFlag::remotes(const Settings& settings) const {
    std::vector<store::RemoteSettings> remotes;
    for (const std::string& name : to) {
        if (std::ranges::count(remotes, name, &store::RemoteSettings::name) == 0) {
            remotes.push_back(find(settings, name));
        }
    }
    return remotes;
}

std::vector<store::RemoteSettings> ToFlag::required_remotes(const Settings& settings) const {
    if (to.empty()) {
        throw_not_named(settings, "--to");
    }
    return remotes(settings);
}

std::unique_ptr<ops::FetchedCopy> fetch(const FromFlag& from, std::string& dump,
                                        store::LatestChoice& latest, Invocation& invocation) {
    const auto remote = from.remote(invocation.settings);
    if (!remote) {
        return nullptr;
    }
    auto copy = ops::fetch_copy({.dump = dump,
                                 .latest = latest,
                                 .only_parts = store::OnlyParts::refused,
                                 .command_line = invocation.command_line},
                                *remote, invocation.context);
    invocation.console.on_notice(fmt::format("fetched {}", base::printable(copy->origin())));
    dump = copy->path();
    invocation.command_line = invocation.command_line.naming(dump, copy->path().filename());
    latest.before.reset(); // it chose the copy
    return copy;
}

} // namespace dbbackup::cli
