#include "ops/read/manifest_difference.hpp"
#include "ops/remote/choose_copy.hpp"
#include "ops/remote/copy_check.hpp"
#include "ops/remote/copy_notes.hpp"
#include "ops/remote/transfer_progress.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/pg/dump_summary.hpp>
#include <dbbackup/store/manifest_update.hpp>
#include <dbbackup/stream/checksum.hpp>
#include <dbbackup/stream/decoder.hpp>
#include <dbbackup/sys/signals.hpp>

#include <fmt/format.h>

namespace dbbackup::ops {

namespace {

/// One copy.
class CopyVerification {
public:
    CopyVerification(const ListedRemote& there, const store::DumpEntry& copy, CopyCheck check,
                     const Context& context)
        : there_(there), copy_(copy), check_(check), context_(context) {
        result_.path = there.remote->path_of(copy.name);
        result_.database = copy.database();
        result_.size = copy.size;
        result_.has_manifest = copy.manifest.has_value();
    }

    VerifiedDump run() {
        try {
            verify();
        } catch (const base::Error& error) {
            sys::throw_if_interrupted();
            conclude(error.kind() == base::ErrorKind::damaged ? Verdict::damaged
                                                              : Verdict::unverified,
                     error.what(), error.hint());
        }
        return std::move(result_);
    }

private:
    void conclude(Verdict verdict, const std::string& message, const std::string& hint) {
        result_.verdict = verdict;
        result_.message = base::without_marks(message);
        result_.hint = hint;
    }

    [[noreturn]] void throw_damaged(const std::string& why) const {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("the copy '{}' is damaged: {}", base::printable(result_.path), why),
            "Use another copy. If the dump is still good elsewhere, delete this copy "
            "there and push the dump again."};
    }

    void verify() {
        if (!copy_.manifest) {
            throw base::Error{copy_.unread_manifest.value_or(base::ErrorKind::failed),
                              copy_.problem,
                              "Without its manifest, the expected content is unknown."};
        }
        const store::Manifest& manifest = *copy_.manifest;
        result_.tables = manifest.contents.tables.size();
        result_.rows = manifest.contents.total_rows();
        if (manifest.file.name != copy_.name) {
            throw_damaged(
                fmt::format("its manifest is of '{}'", base::printable(manifest.file.name)));
        }
        if (manifest.file.size != copy_.size) {
            throw_damaged(fmt::format("it has {} bytes, its manifest says {}", copy_.size,
                                      manifest.file.size));
        }
        if (check_ == CopyCheck::listed) {
            result_.weaker_check = "listed";
        } else {
            const TransferProgress clock{context_.listener, Progress::Phase::reading_copy, 0};
            const bool is_plain = manifest.dump.format == "plain";
            // A stream can tell no more of an archive, which pg_restore must seek in, nor of what
            // is sealed: that they are what was once written.
            is_plain && !manifest.seal ? read_rows(manifest) : compare_hash(manifest);
            result_.read_time = clock.elapsed();
        }
        result_.verdict = Verdict::good;
    }

    void compare_hash(const store::Manifest& manifest) {
        if (hash_copy(*there_.remote, copy_.name, copy_.size, context_.listener) !=
            manifest.file.sha256) {
            throw_damaged("its SHA-256 is not that of its manifest");
        }
        result_.weaker_check = "intact";
    }

    /// As for a dump here: every byte, and every row.
    void read_rows(const store::Manifest& manifest) {
        const auto there = there_.remote->read(copy_.name, copy_.size);
        stream::Checksum checksum;
        stream::ObservedSource file{*there, checksum};
        pg::DumpInspector inspector;
        DumpPass pass;
        {
            const auto decoder = stream::make_decoder(method_of(manifest), file);
            TransferProgress progress{context_.listener, Progress::Phase::reading_copy,
                                      manifest.file.uncompressed_size};
            while (auto block = decoder->pull()) {
                sys::throw_if_interrupted();
                inspector.observe(block->bytes());
                pass.sql_bytes += block->size();
                progress.report(pass.sql_bytes);
                decoder->give_back(std::move(*block));
            }
        }
        inspector.finish();
        pass.sha256 = checksum.sha256();
        pass.size = checksum.size();
        result_.sql_size = pass.sql_bytes;
        const pg::DumpSummary summary = inspector.summary();
        const auto differences = differences_of(manifest, pass, summary.contents);
        if (!differences.empty()) {
            throw_damaged("it " + differences.front().text);
        }
    }

    static stream::CompressionMethod method_of(const store::Manifest& manifest) {
        return manifest.dump.compression == "none"
                   ? stream::CompressionMethod::none
                   : stream::parse_compression(manifest.dump.compression).method;
    }

    const ListedRemote& there_;
    const store::DumpEntry& copy_;
    CopyCheck check_;
    const Context& context_;
    VerifiedDump result_;
};

void note(VerifiedDump& result, const store::CopyNote& found, const ListedRemote& there,
          const std::string& copy_name, const store::RemoteSettings& remote,
          const std::filesystem::path& directory, const Context& context) {
    try {
        write_note(*there.remote, remote, copy_name, found, directory, context.listener);
        result.recorded = true;
    } catch (const base::Error& error) {
        context.listener.on_warning(
            fmt::format("the result could not be recorded there: {}", error.what()));
    }
}

/// What was found goes there as a note, for all who look at that copy.
void record(VerifiedDump& result, const ListedRemote& there, const store::DumpEntry& copy,
            const store::RemoteSettings& remote, const std::filesystem::path& directory,
            const Context& context) {
    if (!copy.manifest || copy.is_foreign() || result.verdict == Verdict::unverified) {
        return;
    }
    const base::UtcTime now = context.clock.now();
    const std::string found = result.verdict == Verdict::good ? "ok" : result.message;
    store::CopyNote found_note{.dump_id = store::identity_of_dump(*copy.manifest), .at = now};
    if (!result.weaker_check.empty()) {
        found_note.check = {.level = result.weaker_check,
                            .at = now,
                            .result = found,
                            .remote = remote.name,
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
    note(result, found_note, there, copy.name, remote, directory, context);
}

/// The copies that `request` means; at least one, unless all are lost.
std::vector<store::DumpEntry> choose_copies(const ListedRemote& there, const VerifyRequest& request,
                                            const store::RemoteSettings& remote,
                                            const Context& context) {
    std::vector<store::DumpEntry> copies;
    if (request.dumps.empty()) {
        copies = there.listing.copies;
        std::erase_if(copies, [&request](const store::DumpEntry& copy) {
            return copy.is_foreign() || !request.latest.has(copy);
        });
    }
    for (const std::string& reference : request.dumps) {
        copies.push_back(choose_copy(there, remote,
                                     {.directory = {},
                                      .reference = reference,
                                      .latest = request.latest,
                                      .only_parts = store::OnlyParts::newest,
                                      .command_line = request.command_line},
                                     context));
    }
    if (copies.empty() && there.listing.lost().empty()) {
        throw base::Error{base::ErrorKind::failed,
                          fmt::format("there is no copy in '{}'{}", base::printable(remote.target),
                                      store::narrowing_text(request.latest)),
                          fmt::format("Copy a dump there: {}",
                                      request.command_line.another({"push", "--to", remote.name}))};
    }
    return copies;
}

} // namespace

VerifyReport verify_fetched(const VerifyRequest& request, const store::RemoteSettings& remote,
                            const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    VerifyReport report;
    for (const store::DumpEntry& copy : choose_copies(there, request, remote, context)) {
        const auto fetched = fetch_copy({.dump = copy.name,
                                         .latest = {},
                                         .only_parts = store::OnlyParts::newest,
                                         .command_line = request.command_line},
                                        remote, context);
        VerifyRequest drill = request;
        drill.directory = fetched->path().parent_path();
        drill.dumps = {fetched->path().native()};
        drill.latest = {};
        for (VerifiedDump& result : verify(drill, context).dumps) {
            result.path = fetched->origin();
            result.recorded = false;
            report.dumps.push_back(std::move(result));
        }
        const auto manifest = store::DumpDirectory::open(drill.directory).find_manifest(copy.name);
        if (manifest && copy.manifest && !copy.is_foreign() &&
            manifest->verifications.size() > copy.manifest->verifications.size()) {
            note(report.dumps.back(),
                 {.dump_id = store::identity_of_dump(*copy.manifest),
                  .at = context.clock.now(),
                  .verification = manifest->verifications.back()},
                 there, copy.name, remote, request.directory, context);
        }
    }
    return report;
}

VerifyReport verify_copies(const VerifyRequest& request, CopyCheck check,
                           const store::RemoteSettings& remote, const Context& context) {
    if (check == CopyCheck::read && context.identity) {
        return verify_fetched(request, remote, context); // what is sealed can be opened
    }
    const ListedRemote there = open_and_list(remote, context);
    const auto copies = choose_copies(there, request, remote, context);
    VerifyReport report;
    for (const store::DumpEntry& copy : copies) {
        report.dumps.push_back(CopyVerification{there, copy, check, context}.run());
        record(report.dumps.back(), there, copy, remote, request.directory, context);
    }
    if (request.dumps.empty()) {
        for (const std::string& name : there.listing.lost()) {
            VerifiedDump lost;
            lost.path = there.remote->path_of(name);
            lost.verdict = Verdict::damaged;
            lost.message = "the copy is missing, but its manifest is there";
            lost.hint = "Push the dump again, or delete the manifest there.";
            report.dumps.push_back(std::move(lost));
        }
    }
    return report;
}

} // namespace dbbackup::ops
