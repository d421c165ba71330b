#include "ops/verify/dump_choice.hpp"

#include "ops/transfer/verified_export.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_name.hpp>
#include <dbbackup/store/existing_directory.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// The result for a lost dump. Something in its place, such as a link, may lead to it.
VerifiedDump lost_dump(const store::DumpDirectory& directory, const std::string& name) {
    VerifiedDump lost;
    lost.path = directory.files().path_of(name);
    const auto parsed = store::parse_dump_name(name);
    lost.database = parsed ? std::optional{parsed->database} : std::nullopt;
    if (const auto entry = directory.find(name)) {
        lost.verdict = Verdict::damaged;
        lost.message = fmt::format("'{}' is missing; there is another file in its place: {}",
                                   base::printable(lost.path), base::printable(entry->problem));
        lost.hint = "Find out who removed it, and get it back from a copy.";
        return lost;
    }
    if (directory.files().contains(name)) {
        lost.verdict = Verdict::unverified;
        lost.message = fmt::format("'{}' is not a regular file", base::printable(lost.path));
        lost.hint = "Links are not followed. Put the dump itself there, or verify it where it is.";
        return lost;
    }
    lost.verdict = Verdict::damaged;
    lost.message =
        fmt::format("'{}' is missing: only its manifest exists", base::printable(lost.path));
    lost.hint = "Find out who removed it. If that was intended, remove its manifest too.";
    return lost;
}

/// Whether the lost dump `name` is among the requested dumps.
bool is_wanted(const VerifyRequest& request, const store::DumpDirectory& directory,
               const std::string& name) {
    const auto manifest = directory.find_manifest(name);
    const auto parsed = store::parse_dump_name(name);
    const auto database = manifest ? std::optional{manifest->database.name}
                          : parsed ? std::optional{parsed->database}
                                   : std::nullopt;
    return request.latest.has(database, manifest ? manifest->dump.label : std::nullopt, manifest);
}

ChosenDumps find_all(const VerifyRequest& request, Listener& listener) {
    const std::filesystem::path& path = request.directory;
    const auto directory = store::open_existing(path, request.command_line);
    ChosenDumps chosen;
    for (const store::DumpEntry& entry : directory.list()) {
        if (!request.latest.has(entry)) {
            continue;
        }
        if (entry.is_foreign()) {
            listener.on_warning(fmt::format("'{}' is not verified: {}", base::printable(entry.name),
                                            base::printable(entry.problem)));
            continue;
        }
        chosen.references.push_back(entry.name);
    }
    for (const std::string& name : directory.lost()) {
        if (is_wanted(request, directory, name)) {
            chosen.lost.push_back(lost_dump(directory, name));
        }
    }
    if (chosen.references.empty() && chosen.lost.empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("there is no dump in '{}'{}", base::printable(path.native()),
                        store::narrowing_text(request.latest)),
            request.latest.is_narrowed()
                ? fmt::format("List the dumps: {}", request.command_line.another({"list"}))
                : "Name another directory with --dir."};
    }
    return chosen;
}

} // namespace

store::DumpQuery query_of(const VerifyRequest& request, const std::string& reference) {
    store::LatestChoice latest = request.latest;
    if (request.dumps.empty()) {
        latest.only_database.reset(); // this only limits "all", and the reference is a name
        latest.only_label.reset();
    }
    return {.directory = request.directory,
            .reference = reference,
            .latest = latest,
            .only_parts = store::OnlyParts::newest,
            .command_line = request.command_line};
}

ChosenDumps choose_dumps(const VerifyRequest& request, const Context& context) {
    if (request.dumps.empty()) {
        return find_all(request, context.listener);
    }
    for (const std::string& reference : request.dumps) {
        if (is_export(request, reference)) {
            continue;
        }
        try {
            (void)store::resolve_dump(query_of(request, reference), context.clock.now());
        } catch (const base::Error& error) {
            if (error.kind() == base::ErrorKind::usage) {
                throw;
            }
        }
    }
    return {.references = request.dumps, .lost = {}};
}

} // namespace dbbackup::ops
