#include "cli/report/push_text.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/outside_text.hpp>
#include <dbbackup/base/text.hpp>

#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string line_of(const ops::CopyResult& copy, const Screen& screen) {
    switch (copy.state) {
    case ops::CopyState::copied:
        return fmt::format("copied to {}: {} ({}, {}, in {})\n", copy.remote,
                           base::printable(copy.path), base::format_byte_size(copy.size),
                           copy.checked_by == "hash" ? "its hash checked there" : "read back",
                           base::format_duration(copy.elapsed));
    case ops::CopyState::there:
        return fmt::format("there already at {}: {}\n", copy.remote, base::printable(copy.path));
    case ops::CopyState::failed:
    case ops::CopyState::not_pushed:
        break;
    }
    return fmt::format("{} {}: {}\n", screen.bad("NOT COPIED"), base::printable(copy.dump),
                       base::without_marks(copy.message));
}

} // namespace

std::string to_text(const std::vector<ops::CopyResult>& copies, const Screen& screen) {
    std::string text;
    for (const ops::CopyResult& copy : copies) {
        text += line_of(copy, screen);
    }
    return text;
}

std::string to_text(const ops::PullReport& report) {
    const std::string origin = base::printable(report.origin);
    const store::Manifest::Contents& contents = report.manifest.contents;
    const std::string what =
        report.was_there ? fmt::format("here already, the same as {}", origin)
        : report.manifest.knows_contents()
            ? fmt::format("fetched from {} and verified: {} rows in {} tables", origin,
                          base::with_thousands(contents.total_rows()),
                          base::with_thousands(contents.tables.size()))
            : fmt::format("fetched from {}: sealed, and its SHA-256 is that of its manifest",
                          origin);
    return fmt::format("{}\n{}\n", base::printable(report.path), what);
}

} // namespace dbbackup::cli
