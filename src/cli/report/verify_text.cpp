#include "cli/report/verify_text.hpp"

#include "cli/terminal/counted.hpp"
#include "cli/terminal/text_table.hpp"

#include <dbbackup/base/byte_size.hpp>
#include <dbbackup/base/dotted_name.hpp>
#include <dbbackup/base/duration.hpp>
#include <dbbackup/base/text.hpp>

#include <algorithm>
#include <fmt/format.h>

namespace dbbackup::cli {

namespace {

std::string file_name(const ops::VerifiedDump& dump) {
    return dump.path.substr(dump.path.rfind('/') + 1);
}

std::string result_of(const ops::VerifiedDump& dump) {
    switch (dump.verdict) {
    case ops::Verdict::damaged:
        return "DAMAGED";
    case ops::Verdict::unverified:
        return "not verified";
    case ops::Verdict::good:
        break;
    }
    if (dump.drill) {
        return "proven";
    }
    if (!dump.weaker_check.empty()) {
        return dump.weaker_check;
    }
    return dump.has_manifest || dump.is_export ? "good" : "readable, no manifest";
}

Tone tone_of(const ops::VerifiedDump& dump) {
    switch (dump.verdict) {
    case ops::Verdict::damaged:
        return Tone::bad;
    case ops::Verdict::unverified:
        return Tone::caution;
    case ops::Verdict::good:
        break;
    }
    return Tone::plain;
}

std::string proof_text(ops::TableProof proof) {
    switch (proof) {
    case ops::TableProof::rows_and_contents:
        return "every row";
    case ops::TableProof::by_column:
        return "every row, column by column";
    case ops::TableProof::by_value:
        return "every row, by value";
    case ops::TableProof::rows_counted:
        return "row count only (INSERT statements)";
    case ops::TableProof::differs:
        return "DIFFERS";
    }
    return "DIFFERS";
}

std::string rate_text(std::uint64_t bytes, std::chrono::milliseconds time) {
    const auto rate = bytes * 1000 / static_cast<std::uint64_t>(std::max<long>(time.count(), 1));
    return base::format_byte_size(rate) + "/s";
}

std::string table_text(const ops::DrillReport& drill, const Screen& screen) {
    TextTable table{{{"TABLE"}, {"ROWS", Align::right}, {"COMPARED", Align::left, Fit::shorten}}};
    for (const ops::ProvenTable& one : drill.tables) {
        table.add({base::dotted_name(one.schema, one.name),
                   base::with_thousands(one.rows),
                   {proof_text(one.proof),
                    one.proof == ops::TableProof::differs ? Tone::bad : Tone::plain}});
    }
    return drill.tables.empty() ? "" : table.to_string(screen) + "\n";
}

std::string drill_text(const ops::DrillReport& drill, const Screen& screen) {
    std::string text =
        fmt::format("restored to {} (PostgreSQL {}) in {}: the measured recovery time\n"
                    "dumped again and compared in {}\n\n{}",
                    base::printable(drill.scratch), base::printable(drill.server_version),
                    base::format_duration(drill.restore_time),
                    base::format_duration(drill.compare_time), table_text(drill, screen));
    if (drill.differences.empty()) {
        text += fmt::format(
            "also as in the dump: {}, {}, {}{}\n", counted(drill.sequences, "sequence"),
            counted(drill.large_objects, "large object"), counted(drill.objects, "other object"),
            drill.text_not_compared.empty() ? ", and the text of the schema" : "");
    }
    if (!drill.text_not_compared.empty()) {
        text += fmt::format("the text of the schema was not proven: {}\n",
                            base::printable(drill.text_not_compared));
    }
    for (const std::string& note : drill.notes) {
        text += fmt::format("note: {}\n", base::printable(note));
    }
    for (const std::string& left_out : drill.left_out) {
        text += fmt::format("left out: {}\n", base::printable(left_out));
    }
    for (const std::string& difference : drill.differences) {
        text += fmt::format("{} {}\n", screen.bad("differs:"), base::printable(difference));
    }
    return text;
}

std::string detail(const ops::VerifiedDump& dump, const Screen& screen) {
    std::string text = fmt::format("{}: {}\n", base::printable(file_name(dump)),
                                   screen.paint(result_of(dump), tone_of(dump)));
    if (dump.weaker_check == "listed" && dump.verdict == ops::Verdict::good) {
        text += fmt::format("the remote lists {} under its name, as its manifest says; it was not "
                            "read\n",
                            base::format_byte_size(dump.size));
    } else if (!dump.weaker_check.empty() && dump.verdict == ops::Verdict::good) {
        text +=
            fmt::format("hashed {} in {}: the SHA-256 is that of its manifest, so it is the "
                        "file that was written\n",
                        base::format_byte_size(dump.size), base::format_duration(dump.read_time));
    } else if (dump.read_time.count() > 0 || dump.verdict == ops::Verdict::good) {
        text += fmt::format(
            "read {}, {} of {}, in {} ({}): {} in {}{}\n", base::format_byte_size(dump.size),
            base::format_byte_size(dump.sql_size), dump.is_export ? "text" : "SQL",
            base::format_duration(dump.read_time), rate_text(dump.sql_size, dump.read_time),
            counted(dump.rows, "row"), counted(dump.tables, "table"),
            dump.is_export      ? ", all as its end says"
            : dump.has_manifest ? ", all as its manifest says"
                                : "");
    }
    if (!dump.not_checked.empty()) {
        text += fmt::format("not checked: {}\n", base::printable(dump.not_checked));
    }
    if (dump.drill) {
        text += drill_text(*dump.drill, screen);
    }
    return text;
}

std::string summary(const ops::VerifyReport& report, const Screen& screen) {
    const bool drilled = std::ranges::any_of(
        report.dumps, [](const ops::VerifiedDump& dump) { return dump.drill.has_value(); });
    std::vector<TextTable::Column> columns{{"NAME"},
                                           {"RESULT"},
                                           {"SIZE", Align::right, Fit::whole, 1},
                                           {"ROWS", Align::right, Fit::whole, 2},
                                           {"READ IN", Align::right, Fit::whole, 3}};
    if (drilled) {
        columns.push_back({"RESTORED IN", Align::right, Fit::whole, 4});
    }
    TextTable table{std::move(columns)};
    for (const ops::VerifiedDump& dump : report.dumps) {
        const bool was_read = dump.read_time.count() > 0 || dump.verdict == ops::Verdict::good;
        std::vector<TextTable::Cell> cells{
            file_name(dump),
            {result_of(dump), tone_of(dump)},
            base::format_byte_size(dump.size),
            was_read && dump.weaker_check.empty() ? base::with_thousands(dump.rows) : "?",
            was_read ? base::format_duration(dump.read_time) : "-"};
        if (drilled) {
            cells.emplace_back(dump.drill ? base::format_duration(dump.drill->restore_time) : "-");
        }
        table.add(cells);
    }
    return table.to_string(screen);
}

} // namespace

std::string to_text(const ops::VerifyReport& report, const Screen& screen) {
    if (report.dumps.size() == 1) {
        return detail(report.dumps.front(), screen);
    }
    std::string text;
    for (const ops::VerifiedDump& dump : report.dumps) {
        text += dump.drill ? detail(dump, screen) + "\n" : "";
    }
    return text + summary(report, screen);
}

std::optional<base::Error> find_error(const ops::VerifiedDump& dump) {
    if (dump.verdict == ops::Verdict::good) {
        return std::nullopt;
    }
    const bool damaged = dump.verdict == ops::Verdict::damaged;
    return base::Error{damaged ? base::ErrorKind::damaged : base::ErrorKind::failed,
                       damaged ? dump.message
                               : fmt::format("'{}' could not be verified: {}",
                                             base::printable(dump.path), dump.message),
                       dump.hint};
}

std::optional<base::Error> find_error(const ops::VerifyReport& report) {
    const auto worst = std::ranges::min_element(report.dumps, {}, &ops::VerifiedDump::verdict);
    return worst == report.dumps.end() ? std::nullopt : find_error(*worst);
}

} // namespace dbbackup::cli
