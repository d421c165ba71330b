#include "store/latest_messages.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/list_some.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_part.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::store {

namespace {

std::string shown(const DumpEntry& dump) {
    return fmt::format("'{}'", base::printable(dump.name));
}

std::string directory_of(const DumpQuery& query) {
    return base::printable(query.directory.native());
}

std::string how_to_list(const DumpQuery& query) {
    return fmt::format("List the dumps: {}", query.command_line.another({"list"}));
}

std::string and_more(const Dumps& dumps) {
    return dumps.size() <= 1 ? ""
                             : fmt::format(" (and {} more such dump{})", dumps.size() - 1,
                                           dumps.size() == 2 ? "" : "s");
}

std::string time_limit(const DumpQuery& query) {
    return query.latest.before
               ? fmt::format(" from before {}", base::format_utc(*query.latest.before))
               : "";
}

std::string is_dated_in_the_future(const DumpEntry& dump) {
    return fmt::format("is dated in the future ({})", base::format_utc(dump.started_at().value()));
}

std::string is_a_part(const DumpEntry& dump) {
    return fmt::format("is a part: {}", describe_part(dump.manifest->dump));
}

std::string foreign_dump(const DumpEntry& dump) {
    return fmt::format("{}: {}", shown(dump), base::printable(dump.problem));
}

std::string future_dump(const DumpEntry& dump) {
    return fmt::format("{}, which {}", shown(dump), is_dated_in_the_future(dump));
}

std::string bare_dump(const DumpEntry& dump) {
    return fmt::format("{}, which has no manifest", shown(dump));
}

std::string partial_dump(const DumpEntry& dump) {
    return fmt::format("{}, which {}", shown(dump), is_a_part(dump));
}

void warn_of_newer(std::vector<std::string>& warnings, Dumps dumps, base::UtcTime chosen,
                   std::string (*tell)(const DumpEntry&)) {
    std::erase_if(dumps, [chosen](const DumpEntry& dump) {
        return dump.started_at() < std::optional{chosen};
    });
    if (!dumps.empty()) {
        warnings.push_back(fmt::format("skipped {}{}", tell(dumps.front()), and_more(dumps)));
    }
}

} // namespace

void throw_no_dumps(const DumpQuery& query) {
    throw base::Error{
        base::ErrorKind::failed, fmt::format("there is no dump in '{}'", directory_of(query)),
        fmt::format(
            "If yours are elsewhere, name their directory with --dir. Otherwise take the first: {}",
            query.command_line.another({"dump"}))};
}

void throw_none_like(const DumpQuery& query) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no dump in '{}'{}", directory_of(query),
                                  narrowing_text(query.latest)),
                      how_to_list(query)};
}

void throw_only_safety_dumps(const DumpQuery& query) {
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("there are only safety dumps in '{}', and 'latest' is never one of them",
                    directory_of(query)),
        fmt::format("Name the dump. {}", how_to_list(query))};
}

void throw_only_foreign(const DumpQuery& query, const Dumps& dumps) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there are only other users' dumps in '{}': {}{}",
                                  directory_of(query), foreign_dump(dumps.front()),
                                  and_more(dumps)),
                      "'latest' is never one of them. If you trust that user, name the dump."};
}

void throw_only_without_manifest(const DumpQuery& query, const Dumps& dumps) {
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("no dump in '{}' has a manifest{}, and without one it is unknown whether a "
                    "dump is whole: {}{}",
                    directory_of(query), time_limit(query), shown(dumps.front()), and_more(dumps)),
        fmt::format("Name the dump: {}", query.command_line.again({dumps.front().name}))};
}

void throw_ambiguous(const DumpQuery& query, const std::set<std::string>& databases) {
    throw base::Error{
        base::ErrorKind::usage,
        fmt::format("'latest' is ambiguous: there are dumps of several databases: {}",
                    base::list_all({databases.begin(), databases.end()})),
        query.latest.may_name_database
            ? fmt::format("Name one: {}. Or all: {}",
                          query.command_line.again({"--database", *databases.begin()}),
                          query.command_line.again({"--all"}))
            : fmt::format("Name the dump. {}", how_to_list(query))};
}

void throw_none_eligible(const DumpQuery& query, const SortedDumps& sorted) {
    if (!sorted.parts.empty()) {
        const DumpEntry& part = sorted.parts.front();
        throw base::Error{base::ErrorKind::refused,
                          fmt::format("there is no whole dump in '{}'{}: {} {}{}",
                                      directory_of(query), time_limit(query), shown(part),
                                      is_a_part(part), and_more(sorted.parts)),
                          fmt::format("Take a whole dump. Or, if you want that part: {}",
                                      query.command_line.again({part.name, "--accept-partial"}))};
    }
    if (!sorted.without_manifest.empty()) {
        throw_only_without_manifest(query, sorted.without_manifest);
    }
    if (!sorted.future.empty()) {
        const DumpEntry& future = sorted.future.front();
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("no dump counts as 'latest': {} {}{}", shown(future),
                        is_dated_in_the_future(future), and_more(sorted.future)),
            "Check this machine's clock. If it is right, and you want that dump, name it."};
    }
    throw base::Error{
        base::ErrorKind::failed,
        fmt::format("no dump in '{}'{} counts as 'latest'", directory_of(query), time_limit(query)),
        how_to_list(query)};
}

void throw_too_few(const DumpQuery& query, const std::string& database, std::size_t count) {
    throw base::Error{base::ErrorKind::failed,
                      fmt::format("there is no '{}': 'latest' chooses from {} of '{}'{}",
                                  base::printable(query.reference),
                                  count == 1 ? "one dump" : fmt::format("{} dumps", count),
                                  base::printable(database), time_limit(query)),
                      how_to_list(query)};
}

std::vector<std::string> warnings_of(const SortedDumps& sorted, const DumpEntry& chosen) {
    std::vector<std::string> warnings;
    const base::UtcTime time = chosen.started_at().value_or(base::UtcTime::min());
    warn_of_newer(warnings, sorted.foreign, time, foreign_dump);
    warn_of_newer(warnings, sorted.future, time, future_dump);
    warn_of_newer(warnings, sorted.without_manifest, time, bare_dump);
    if (chosen.is_part()) {
        warnings.push_back(fmt::format("PARTIAL: {} {}", shown(chosen), is_a_part(chosen)));
    } else {
        warn_of_newer(warnings, sorted.parts, time, partial_dump);
    }
    return warnings;
}

} // namespace dbbackup::store
