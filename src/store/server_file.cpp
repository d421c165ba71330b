#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/server_file.hpp>

#include <algorithm>
#include <utility>

namespace dbbackup::store {

namespace {

constexpr std::string_view k_globals = "@globals_";
constexpr std::string_view k_set = "@set_";
/// What the rest of a set's name would end in as a dump's.
constexpr std::string_view k_any_suffix = ".sql";

} // namespace

std::string host_in_name(const std::string& host) {
    return host.empty() || host.starts_with('/') || host.starts_with('@') ? "localhost" : host;
}

std::string format_server_file(const ServerFile& file) {
    return std::string{file.kind == ServerFile::Kind::set ? k_set : k_globals} +
           format_dump_name({.database = file.host, .time = file.time, .suffix = file.suffix});
}

bool is_of_globals(const Manifest& manifest) {
    return manifest.database.name == k_no_database;
}

std::vector<DumpEntry> list_globals(const DumpDirectory& directory) {
    std::vector<DumpEntry> dumps;
    for (const std::string& name : directory.files().entries()) {
        const auto parsed = parse_server_file(name);
        auto dump = parsed && parsed->kind == ServerFile::Kind::globals ? directory.find(name)
                                                                        : std::nullopt;
        if (dump) {
            dumps.push_back(std::move(*dump));
        }
    }
    std::ranges::sort(dumps, is_newer);
    return dumps;
}

std::optional<ServerFile> parse_server_file(std::string_view file_name) {
    const bool is_set = file_name.starts_with(k_set) && file_name.ends_with(k_set_suffix);
    if (!is_set && !file_name.starts_with(k_globals)) {
        return std::nullopt;
    }
    file_name.remove_prefix(is_set ? k_set.size() : k_globals.size());
    if (is_set) {
        file_name.remove_suffix(k_set_suffix.size());
    }
    // The rest is as in a dump's name, with the host in place of the database.
    const auto rest = parse_dump_name(is_set ? std::string{file_name} + std::string{k_any_suffix}
                                             : std::string{file_name});
    if (!rest) {
        return std::nullopt;
    }
    return ServerFile{.kind = is_set ? ServerFile::Kind::set : ServerFile::Kind::globals,
                      .host = rest->database,
                      .time = rest->time,
                      .suffix = is_set ? std::string{k_set_suffix} : rest->suffix};
}

} // namespace dbbackup::store
