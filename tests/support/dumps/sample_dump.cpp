#include "support/dumps/sample_dump.hpp"

#include "ops/read/manifest_difference.hpp"
#include "support/program/fake_tools.hpp"
#include "support/server/cluster.hpp"
#include "support/temp_dir.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/checksum.hpp>

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace dbbackup::test {

namespace {

class StringSink : public stream::Sink {
public:
    void write(base::Bytes bytes) override { text += base::as_text(bytes); }

    void finish() override {}

    std::string text;
};

class Silence : public ops::Listener {
public:
    void on_warning(const std::string&) override {}

    void on_notice(const std::string&) override {}

    void on_detail(const std::string&) override {}

    void on_progress(const ops::Progress&) override {}
};

stream::Compression compression_of(const std::string& name) {
    const bool gzip = name.ends_with(".gz");
    const bool zstd = name.ends_with(".zst");
    return {.method = gzip   ? stream::CompressionMethod::gzip
                      : zstd ? stream::CompressionMethod::zstd
                             : stream::CompressionMethod::none,
            .level = std::nullopt};
}

std::string sha256_of(std::string_view content) {
    stream::Checksum checksum;
    checksum.observe(base::as_bytes(content));
    return checksum.sha256();
}

} // namespace

std::string compressed(std::string_view sql, const stream::Compression& compression) {
    StringSink file;
    stream::BlockPool pool{stream::k_block_size};
    const auto encoder = stream::make_encoder(compression, file, pool);
    while (!sql.empty()) {
        stream::Block block = pool.take();
        const std::size_t size = std::min(sql.size(), block.capacity());
        block.resize(size);
        std::memcpy(block.data(), sql.data(), size);
        encoder->push(std::move(block));
        sql.remove_prefix(size);
    }
    encoder->finish();
    return std::move(file.text);
}

store::Manifest manifest_of(const std::string& name, std::string_view content,
                            std::string_view sql) {
    pg::DumpScanner scanner;
    scanner.observe(base::as_bytes(sql));
    scanner.finish();
    store::Manifest manifest;
    manifest.tool_version = "0.1.0";
    manifest.database.name = "shop";
    manifest.database.host = "localhost";
    manifest.database.port = 5432;
    manifest.database.user = "app";
    manifest.database.server_version = "15.20";
    manifest.database.encoding = "UTF8";
    manifest.dump.format = "plain";
    manifest.dump.compression = stream::to_string(compression_of(name));
    manifest.dump.pg_dump_version = "15.20";
    manifest.dump.label = "before migration";
    manifest.dump.started_at = base::parse_utc("2026-11-20T03:15:00.123Z").value();
    manifest.dump.finished_at = base::parse_utc("2026-11-20T03:15:01.456Z").value();
    manifest.file = {.name = name,
                     .size = content.size(),
                     .sha256 = sha256_of(content),
                     .uncompressed_size = sql.size()};
    manifest.contents = ops::to_manifest(scanner.contents());
    return manifest;
}

std::filesystem::path manifest_path(const std::filesystem::path& path) {
    return path.string() + ".json";
}

std::filesystem::path write_sample_dump(const std::filesystem::path& directory,
                                        const std::string& name, std::string_view sql) {
    const std::string content = compressed(sql, compression_of(name));
    const std::filesystem::path path = directory / name;
    write_file(path, content);
    write_file(manifest_path(path), store::to_json(manifest_of(name, content, sql)));
    return path;
}

void correct_manifest(const std::filesystem::path& path) {
    store::Manifest manifest = store::parse_manifest(read_file(manifest_path(path)), "manifest");
    const std::string content = read_file(path);
    manifest.file.size = content.size();
    manifest.file.sha256 = sha256_of(content);
    write_file(manifest_path(path), store::to_json(manifest));
}

std::string sql_of_tables(std::string_view first_rows, std::string_view second_rows) {
    return fmt::format("{}COPY public.first (id, name) FROM stdin;\n{}{}"
                       "COPY public.second (id, name) FROM stdin;\n{}{}{}{}",
                       sample::k_head, first_rows, sample::k_copy_end, second_rows,
                       sample::k_copy_end, sample::k_complete, sample::k_unrestrict);
}

std::string sample_row(std::uint64_t number) {
    const std::uint64_t mixed = (number + 1) * 0x9E3779B97F4A7C15U;
    return fmt::format("{}\tcustomer {} of the shop\t{:016x}{:016x}\t2026-11-20\t\\N\n", number,
                       number % 1000, mixed, mixed ^ (mixed >> 29U));
}

ops::VerifiedDump verify_here(const std::filesystem::path& path) {
    Silence silence;
    const ops::VerifyRequest request{.directory = path.parent_path(),
                                     .dumps = {path.string()},
                                     .latest = {},
                                     .drill = std::nullopt};
    const ops::Context context{.listener = silence,
                               .clock = base::system_clock(),
                               .bin_dir = Cluster::shared().bin_dir(),
                               .tool_version = "0.1.0"};
    return ops::verify(request, context).dumps.at(0);
}

} // namespace dbbackup::test
