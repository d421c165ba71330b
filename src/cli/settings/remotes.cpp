#include "cli/settings/remotes.hpp"

#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dbbackup::cli {

namespace {

constexpr const char* k_example =
    "For example, in dbbackup.toml: [remote.offsite] and, below it, target = \"NAME:PATH\" as "
    "rclone knows it, or target = \"/mnt/backup\".";

[[noreturn]] void refuse(const std::string& remote, const std::string& why,
                         const std::string& hint = k_example) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("the configuration's remote '{}': {}", base::printable(remote), why), hint};
}

/// It becomes part of file names, and of notes that others read.
bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

const std::string& single(const std::string& remote, const std::string& key,
                          const std::vector<std::string>& values) {
    if (values.size() != 1) {
        refuse(remote, fmt::format("{} has one value", key));
    }
    return values.front();
}

template <typename Parse>
auto parsed(const std::string& remote, const std::string& key, const std::string& value,
            const Parse& parse) {
    try {
        return parse(value);
    } catch (const base::Error& error) {
        refuse(remote, fmt::format("{}: {}", key, error.what()), error.hint());
    }
}

bool to_flag(const std::string& remote, const std::string& key, const std::string& value) {
    if (value != "true" && value != "false") {
        refuse(remote, fmt::format("{} is true or false", key));
    }
    return value == "true";
}

void set(store::RemoteSettings& remote, const std::string& key,
         const std::vector<std::string>& values) {
    const auto one = [&]() -> const std::string& { return single(remote.name, key, values); };
    if (key == "target") {
        remote.target = one();
    } else if (key == "rclone-config") {
        remote.rclone_config = one();
    } else if (key == "recipients") {
        remote.recipients = values;
    } else if (key == "required") {
        remote.is_required = to_flag(remote.name, key, one());
    } else if (key == "keep-at-least") {
        remote.keep_at_least = parsed(remote.name, key, one(), [](const std::string& value) {
            return base::parse_calendar_span(value);
        });
    } else if (key == "bwlimit") {
        remote.bandwidth_limit = one();
    } else if (key == "timeout") {
        remote.timeout = parsed(remote.name, key, one(), [](const std::string& value) {
            return base::parse_duration(value);
        });
    } else {
        refuse(remote.name, fmt::format("unknown key '{}'", base::printable(key)),
               "The keys are target, rclone-config, recipients, required, keep-at-least, bwlimit "
               "and timeout.");
    }
}

} // namespace

bool Remotes::take(const CLI::ConfigItem& item) {
    if (item.parents.empty() || item.parents.front() != "remote") {
        return false;
    }
    if (item.parents.size() != 2) {
        throw base::Error{
            base::ErrorKind::usage,
            "the configuration has [remote] without a name, or a table below a remote", k_example};
    }
    tables_[item.parents[1]][item.name] = item.inputs;
    return true;
}

std::string Remotes::describe() const {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : tables_) {
        names.push_back(base::printable(name));
    }
    return names.empty() ? k_example
                         : fmt::format("The configuration has {}.", fmt::join(names, ", "));
}

store::RemoteSettings Remotes::find(const std::string& name) const {
    const auto table = tables_.find(name);
    if (table == tables_.end()) {
        throw base::Error{
            base::ErrorKind::usage,
            fmt::format("there is no remote '{}' in the configuration", base::printable(name)),
            name.find_first_of("/:") == std::string::npos
                ? describe()
                : "Name a remote, not its place. " + describe()};
    }
    if (!is_name(name)) {
        refuse(name, "a remote's name has letters, digits, - and _ only");
    }
    store::RemoteSettings remote{.name = name, .target = {}};
    for (const auto& [key, values] : table->second) {
        set(remote, key, values);
    }
    if (remote.target.empty()) {
        refuse(name, "it has no target");
    }
    store::require_usable(remote);
    return remote;
}

std::vector<store::RemoteSettings> Remotes::all() const {
    std::vector<store::RemoteSettings> remotes;
    for (const auto& [name, ignored] : tables_) {
        remotes.push_back(find(name));
    }
    return remotes;
}

} // namespace dbbackup::cli
