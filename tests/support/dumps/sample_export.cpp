#include "support/dumps/sample_export.hpp"

#include "ops/transfer/export_document.hpp"
#include "ops/transfer/export_source.hpp"

#include <dbbackup/sys/directory.hpp>

#include <fcntl.h>

namespace dbbackup::test {

namespace {

class Silent : public ops::Listener {
public:
    void on_warning(const std::string&) override {}

    void on_notice(const std::string&) override {}

    void on_detail(const std::string&) override {}

    void on_progress(const ops::Progress&) override {}
};

void write_tables(ops::ExportDocument& document, const std::vector<SampleTable>& tables) {
    for (std::size_t i = 0; i < tables.size(); ++i) {
        document.begin_table(i);
        for (const std::string& row : tables[i].rows) {
            document.add_row(row);
        }
    }
    document.finish();
}

} // namespace

void write_export(const std::filesystem::path& path, const std::vector<SampleTable>& tables) {
    ops::ExportHeader header;
    header.tool_version = "0.1.0";
    header.app_version = "4.2";
    header.date_columns.resize(tables.size());
    header.source.database = "shop";
    header.source.identity.system_identifier = "7123456789012345678";
    header.source.identity.database_oid = 16384;
    header.source.timezone = "Europe/Berlin";
    header.source.schema_version = "20261121_phone";
    header.source.taken_at = base::parse_utc("2026-11-22T10:00:00.000Z");
    for (const SampleTable& table : tables) {
        header.source.tables.push_back(table.table);
    }
    const std::string name = path.filename();
    if (name.ends_with(".csv")) {
        const sys::Directory parent = sys::Directory::open(path.parent_path());
        sys::AtomicDirectory directory{parent, name};
        header.files = ops::csv_files(header.source.tables);
        write_tables(*ops::make_csv_document(header, directory, [](std::uint64_t) {}), tables);
        directory.commit();
        return;
    }
    const sys::Fd fd{::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    ops::TextWriter writer{fd.get(),
                           name,
                           name.ends_with(".gz") ? stream::CompressionMethod::gzip
                                                 : stream::CompressionMethod::none,
                           {}};
    write_tables(name.find(".jsonl") == std::string::npos
                     ? *ops::make_json_document(header, writer)
                     : *ops::make_jsonl_document(header, writer),
                 tables);
    writer.finish();
}

std::vector<SampleTable> read_export(const std::filesystem::path& path) {
    Silent listener;
    const ops::Context context{.listener = listener, .clock = base::system_clock()};
    const auto source = ops::open_export(path, context);
    std::vector<SampleTable> tables;
    std::vector<std::size_t> all;
    for (const pg::SourceTable& table : source->description().tables) {
        all.push_back(tables.size());
        tables.push_back({table, {}});
    }
    source->read_rows(all, [&tables](std::size_t table, std::string_view row) {
        tables[table].rows.emplace_back(row);
    });
    return tables;
}

SampleTable nasty_table() {
    SampleTable sample{.table = {.table = {"public", "nasty"},
                                 .columns = {{"id", "bigint"},
                                             {"n", "integer"},
                                             {"f", "double precision"},
                                             {"b", "boolean"},
                                             {"t", "text"},
                                             {"j", "jsonb"},
                                             {"x \"y\"\\z,", "numeric(20,3)"}},
                                 .key = {"id"}},
                       .rows = {}};
    const auto add = [&sample](const std::string& number, const std::string& text) {
        sample.rows.push_back("9223372036854775807\t" + number + "\t" + text);
    };
    add("1\t0.1\tt", "plain\t{\"a\": 1}\t1.500");
    add("-2147483648\t-0\tf", "\t\t-99999999999999999.999");
    add("0\tNaN\t\\N", "\\N\tnull\tNaN");
    add("\\N\t-Infinity\t\\N", "\\\\N\t\\N\t\\N");
    add("7\t1e-300\tt", "tab\\t line\\n\\r \\b\\f\\v \\\\ \"quoted\", comma\t\"null\"\t0");
    add("7\t-1.7976931348623157e+308\tt", "\x01\x1f\x7f\xC2\x9B[31m \xE2\x80\xA8\xE2\x80\xAE "
                                          "\xF0\x9F\x98\x80 \\\\x41 \\\\.\t[]\t0");
    add("7\t1e+20\tt", "  spaces  \t\"\\\\u0000\"\tInfinity");
    add("7\t5\tt", "\\\\.\t1e400\t1");
    return sample;
}

} // namespace dbbackup::test
