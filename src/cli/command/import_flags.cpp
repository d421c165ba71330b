#include "cli/command/import_flags.hpp"

#include "cli/command/duration_flags.hpp"
#include "cli/command/seal_flags.hpp"
#include "cli/command_line/secret_words.hpp"
#include "cli/settings/directory_name.hpp"
#include "cli/settings/import_map.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace dbbackup::cli {

namespace {

base::Error usage(const std::string& what, const std::string& hint) {
    return {base::ErrorKind::usage, what, hint};
}

/// "TABLE=COL,COL"
void add_key(const std::string& text, std::map<std::string, std::vector<std::string>>& keys) {
    const std::size_t equals = text.find('=');
    std::vector<std::string> columns;
    if (equals != std::string::npos) {
        std::string rest = text.substr(equals + 1);
        for (std::size_t comma = 0; comma != std::string::npos;) {
            comma = rest.find(',');
            columns.push_back(rest.substr(0, comma));
            rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
        }
    }
    if (equals == std::string::npos || equals == 0 || std::ranges::count(columns, "") > 0) {
        throw usage(fmt::format("--key: '{}' is not TABLE=COLUMN,…", base::printable(text)),
                    "For example: --key orders=number, or --key watched=person_id,film_id.");
    }
    if (!keys.emplace(text.substr(0, equals), columns).second) {
        throw usage(fmt::format("--key names {} twice", base::printable(text.substr(0, equals))),
                    "Separate the columns by commas: --key TABLE=COLUMN,COLUMN.");
    }
}

void require_possible(const ImportFlags& flags) {
    if (flags.mode.empty()) {
        throw usage("import needs --mode",
                    "add inserts the rows that are missing and changes no other; merge also "
                    "updates rows that are older; replace deletes all rows of these tables first. "
                    "To only look: add --dry-run.");
    }
    const bool is_merge = flags.mode == "merge";
    if (!is_merge && (!flags.newer_by.empty() || !flags.prefer.empty())) {
        throw usage(
            fmt::format("{} is for --mode merge", flags.prefer.empty() ? "--newer-by" : "--prefer"),
            "The other modes update no rows.");
    }
    if (is_merge && flags.newer_by.empty() && flags.prefer.empty()) {
        throw usage("--mode merge must know which row is newer",
                    "Name the column of the last change: --newer-by updated_at. Or let the source "
                    "win: --prefer source.");
    }
    if (flags.mode == "replace" && flags.keep_ids) {
        throw usage("--keep-ids is for --mode add and merge",
                    "replace keeps the numbers of the source anyway.");
    }
}

pg::PlacingOptions placing_options(const ImportFlags& flags) {
    pg::PlacingOptions options;
    options.mode = flags.mode == "merge"     ? pg::PlacingMode::merge
                   : flags.mode == "replace" ? pg::PlacingMode::replace
                                             : pg::PlacingMode::add;
    options.tables = flags.tables;
    for (const std::string& key : flags.keys) {
        add_key(key, options.keys);
    }
    for (const std::string& newer : flags.newer_by) {
        const std::size_t equals = newer.find('=');
        const bool is_general = equals == std::string::npos;
        options.newer_by[is_general ? "" : newer.substr(0, equals)] =
            is_general ? newer : newer.substr(equals + 1);
    }
    options.prefer_source = !flags.prefer.empty();
    options.trusts_numbers = flags.trust_ids;
    options.keeps_numbers = flags.keep_ids;
    options.triggers = flags.chosen_triggers();
    return options;
}

} // namespace

void ImportFlags::add_to(CLI::App& app) {
    app.add_option("SOURCE", source,
                   "A dump, as restore takes it, or the file of an export (default: latest)");
    choice.add_to(app);
    from.add_to(app, "Import a copy at a remote of the configuration");
    app.add_option("--mode", mode,
                   "add: insert what is missing; merge: also update what is older; replace: delete "
                   "all rows of these tables first")
        ->check(CLI::IsMember({"add", "merge", "replace"}).description(""))
        ->type_name("add|merge|replace");
    app.add_option("-t,--table", tables, "Import only these tables (repeatable)")
        ->type_name("PATTERN")
        ->allow_extra_args(false);
    app.add_flag("--dry-run", dry_run, "Do everything, then roll it back");
    app.add_option("--map", maps,
                   "What has another name or value now (TOML; repeatable: one for each schema "
                   "version)")
        ->type_name("FILE")
        ->allow_extra_args(false);
    app.add_option("--key", keys, "The columns that identify a row (default: the primary key)")
        ->type_name("TABLE=COL,...")
        ->allow_extra_args(false);
    app.add_option("--newer-by", newer_by, "With merge: the column that tells which row is newer")
        ->type_name("[TABLE=]COL")
        ->allow_extra_args(false);
    app.add_option("--prefer", prefer, "With merge: every row of the source is newer")
        ->check(CLI::IsMember({"source"}).description(""))
        ->type_name("source");
    app.add_flag("--trust-ids", trust_ids,
                 "Numbers that the database gives (serial, identity) mean the same in both");
    app.add_flag("--keep-ids", keep_ids, "New rows keep their numbers of the source");
    app.add_option("--triggers", triggers, "What triggers do with the rows that are written")
        ->check(CLI::IsMember({"fire", "skip"}).description(""))
        ->type_name("fire|skip");
    app.add_flag("--skip-conflicts", skip_conflicts,
                 "Import all rows that have no conflict, and list the others");
    app.add_option("--confirm", confirm,
                   "Name of the target database, or HOST:PORT/NAME: merge and replace without "
                   "asking")
        ->type_name("NAME");
    add_identity_flag(app);
    app.add_flag("--no-safety-dump", no_safety_dump, "Do not take a safety dump");
    app.add_option("--safety-dir", safety_dir,
                   "Directory for the safety dump (default: the dump directory)")
        ->type_name("DIR");
    app.add_option("--lock-timeout", lock_timeout, "How long to wait for other sessions (10s, 5m)")
        ->type_name("DURATION")
        ->capture_default_str();
    app.add_option("--undo", undo,
                   "Delete the rows that an import inserted and nobody changed since")
        ->type_name("FILE");
    for (CLI::Option* option : app.get_options()) {
        const std::string name = option->get_name();
        // What is for a single run.
        if (option->get_configurable() && name != "--safety-dir" && name != "--lock-timeout" &&
            name != "--help") {
            option->configurable(false);
        }
    }
}

pg::PlacingTriggers ImportFlags::chosen_triggers() const {
    return triggers == "fire"   ? pg::PlacingTriggers::fire
           : triggers == "skip" ? pg::PlacingTriggers::skip
                                : pg::PlacingTriggers::refuse;
}

ops::ImportRequest ImportFlags::to_request(const Invocation& invocation) const {
    const Settings& settings = invocation.settings;
    for (const std::string& table : tables) {
        require_no_url(table, "a table");
    }
    require_no_url(source, "a dump or an export");
    require_possible(*this);
    ops::ImportRequest request{
        .connection = pg::parse_connection_url(settings.require_clear_url()),
        .directory = settings.directory(),
        .source = source,
        .latest = choice.to_choice({source}, settings),
        .placing = placing_options(*this),
        .is_dry_run = dry_run,
        .skips_conflicts = skip_conflicts,
        .safety_dump = no_safety_dump ? ops::SafetyDump::skip : ops::SafetyDump::take,
        .lock_timeout = parse_lock_timeout("--lock-timeout", lock_timeout, ""),
        .command_line = invocation.command_line};
    request.safety_directory = safety_directory_named(safety_dir);
    for (const std::string& map : maps) {
        request.maps.push_back(read_import_map(map));
    }
    return request;
}

} // namespace dbbackup::cli
