#include "ops/read/dump_stream.hpp"
#include "ops/read/manifest_difference.hpp"
#include "ops/remote/copy_check.hpp"
#include "ops/remote/copy_results.hpp"
#include "ops/seal/sealed_manifest.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/copies.hpp>
#include <dbbackup/pg/dump_inspector.hpp>
#include <dbbackup/pg/dump_summary.hpp>
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
            const auto started = std::chrono::steady_clock::now();
            if (!manifest.seal) {
                read(manifest);
            } else if (context_.identity) {
                read(open_sealed_manifest(manifest, copy_.name, context_));
            } else {
                compare_hash(manifest);
            }
            result_.read_time = elapsed_since(started);
        }
        result_.verdict = Verdict::good;
    }

    [[nodiscard]] bool has_hash_of(const store::Manifest& manifest) const {
        return hash_copy(*there_.remote, copy_.name, copy_.size, context_.listener) ==
               manifest.file.sha256;
    }

    /// All that can be said of what is sealed, without an identity.
    void compare_hash(const store::Manifest& manifest) {
        if (!has_hash_of(manifest)) {
            throw_damaged("its SHA-256 is not that of its manifest");
        }
        result_.weaker_check = "intact";
    }

    void read(const store::Manifest& manifest) {
        result_.tables = manifest.contents.tables.size();
        result_.rows = manifest.contents.total_rows();
        try {
            read_rows(manifest);
        } catch (const base::Error& error) {
            sys::throw_if_interrupted();
            if (error.kind() == base::ErrorKind::damaged) {
                throw_damaged(error.what());
            }
            // Whatever could not read it: if it is not what was written, it is damaged.
            if (!has_hash_of(manifest)) {
                throw_damaged(
                    fmt::format("its SHA-256 is not that of its manifest ({})", error.what()));
            }
            throw;
        }
    }

    /// As for a dump here: every byte, and every row.
    void read_rows(const store::Manifest& manifest) {
        const auto there = there_.remote->read(copy_.name, copy_.size);
        pg::DumpInspector inspector;
        const DumpPass pass = read_dump_stream(
            {.bytes = *there,
             .path = result_.path,
             .is_sealed = manifest.seal.has_value(),
             .recorded_sha256 = manifest.file.sha256},
            inspector, inspector.scanner(),
            {.listener = context_.listener, .estimated_bytes = manifest.file.uncompressed_size},
            Progress::Phase::reading_copy, context_);
        inspector.finish();
        result_.sql_size = pass.sql_bytes;
        const pg::DumpSummary summary = inspector.summary();
        const auto differences = differences_of(manifest, pass, summary.contents);
        if (!differences.empty()) {
            throw base::Error{base::ErrorKind::damaged, "it " + differences.front().text};
        }
    }

    const ListedRemote& there_;
    const store::DumpEntry& copy_;
    CopyCheck check_;
    const Context& context_;
    VerifiedDump result_;
};

} // namespace

VerifyReport verify_copies(const VerifyRequest& request, CopyCheck check,
                           const store::RemoteSettings& remote, const Context& context) {
    const ListedRemote there = open_and_list(remote, context);
    const VerifiedRemote where{.there = there, .settings = remote, .directory = request.directory};
    VerifyReport report;
    for (const store::DumpEntry& copy : choose_copies_to_verify(where, request, context)) {
        report.dumps.push_back(CopyVerification{there, copy, check, context}.run());
        record_result(report.dumps.back(), where, copy, context);
    }
    add_lost_copies(report, where, request);
    return report;
}

} // namespace dbbackup::ops
