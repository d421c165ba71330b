#include "ops/remote/copy_results.hpp"

#include "ops/remote/copy_notes.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/store/manifest_update.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

void note(VerifiedDump& result, const VerifiedRemote& remote, const store::DumpEntry& copy,
          store::CopyNote found, const Context& context) {
    if (!copy.manifest || copy.is_foreign()) {
        return;
    }
    found.dump_id = store::identity_of_dump(*copy.manifest);
    found.at = context.clock.now();
    try {
        write_note(*remote.there.remote, remote.settings, copy.name, found, remote.directory,
                   context.listener);
        result.recorded = true;
    } catch (const base::Error& error) {
        context.listener.on_warning(
            fmt::format("the result could not be recorded there: {}", error.what()));
    }
}

} // namespace

void record_result(VerifiedDump& result, const VerifiedRemote& remote, const store::DumpEntry& copy,
                   const Context& context) {
    if (result.verdict == Verdict::unverified) {
        return;
    }
    const base::UtcTime now = context.clock.now();
    // Names of tables must not stand in clear beside what is sealed.
    const bool is_sealed = copy.manifest && copy.manifest->seal;
    const std::string found = result.verdict == Verdict::good ? "ok"
                              : is_sealed ? "it is damaged: verify it with an identity to see where"
                                          : result.message;
    store::CopyNote found_note;
    if (!result.weaker_check.empty()) {
        found_note.check = {.level = result.weaker_check,
                            .at = now,
                            .result = found,
                            .remote = remote.settings.name,
                            .tool_version = context.tool_version};
    } else {
        found_note.verification = {.level = "read",
                                   .at = now,
                                   .result = found,
                                   .seconds =
                                       std::chrono::duration<double>(result.read_time).count(),
                                   .tool_version = context.tool_version,
                                   .server_version = {},
                                   .read_seconds = {},
                                   .compare_seconds = {}};
    }
    note(result, remote, copy, std::move(found_note), context);
}

void record_verification(VerifiedDump& result, const VerifiedRemote& remote,
                         const store::DumpEntry& copy, store::Manifest::Verification found,
                         const Context& context) {
    store::CopyNote found_note;
    found_note.verification = std::move(found);
    note(result, remote, copy, std::move(found_note), context);
}

std::vector<store::DumpEntry> choose_copies_to_verify(const VerifiedRemote& remote,
                                                      const VerifyRequest& request,
                                                      const Context& context) {
    std::vector<store::DumpEntry> copies;
    if (request.dumps.empty()) {
        for (const store::DumpEntry& copy : remote.there.listing.copies) {
            if (!request.latest.has(copy)) {
                continue;
            }
            if (copy.is_foreign()) {
                context.listener.on_warning(
                    fmt::format("'{}' was not verified: {}",
                                base::printable(remote.there.remote->path_of(copy.name)),
                                base::printable(copy.problem)));
                continue;
            }
            copies.push_back(copy);
        }
    }
    for (const std::string& reference : request.dumps) {
        copies.push_back(choose_copy(remote.there, remote.settings,
                                     {.directory = {},
                                      .reference = reference,
                                      .latest = request.latest,
                                      .only_parts = store::OnlyParts::newest,
                                      .command_line = request.command_line},
                                     context));
    }
    if (copies.empty() && remote.there.listing.lost().empty()) {
        throw base::Error{
            base::ErrorKind::failed,
            fmt::format("there is no copy in '{}'{}", base::printable(remote.settings.target),
                        store::narrowing_text(request.latest)),
            fmt::format("Copy a dump there: {}",
                        request.command_line.another({"push", "--to", remote.settings.name}))};
    }
    return copies;
}

void add_lost_copies(VerifyReport& report, const VerifiedRemote& remote,
                     const VerifyRequest& request) {
    if (!request.dumps.empty()) {
        return;
    }
    for (const std::string& name : remote.there.listing.lost()) {
        VerifiedDump lost;
        lost.path = remote.there.remote->path_of(name);
        lost.verdict = Verdict::damaged;
        lost.message = "the copy is missing, but its manifest is there";
        lost.hint = "Push the dump again, or delete the manifest there.";
        report.dumps.push_back(std::move(lost));
    }
}

} // namespace dbbackup::ops
