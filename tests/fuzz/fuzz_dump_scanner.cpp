// However a stream is split into chunks, the scanner must find the same in it.

#include <dbbackup/pg/dump_scanner.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <tuple>

using namespace dbbackup;

namespace {

auto scan(base::Bytes text, std::size_t head, std::size_t chunk) {
    pg::DumpScanner scanner;
    for (std::size_t size = head; !text.empty(); size = chunk) {
        size = std::min(size, text.size());
        scanner.observe(text.first(size));
        text = text.subspan(size);
    }
    const std::string table_at_end = scanner.current_table();
    scanner.finish();
    return std::tuple{scanner.contents(), scanner.incompleteness(), scanner.rows(), table_at_end};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const base::Bytes text = std::as_bytes(std::span{data, size});
    // The last two bytes choose the splits, so that a seed is a dump and nothing else.
    const std::size_t head = size < 2 ? 0 : data[size - 1] * size / 255;
    const std::size_t chunk = size < 2 ? 1 : data[size - 2] + 1U;

    const auto whole = scan(text, text.size(), 1);
    const auto pieces = scan(text, head, chunk);
    if (whole != pieces) {
        std::fprintf(stderr, "differs when cut at %zu and then every %zu bytes\n", head, chunk);
        std::abort();
    }
    if (std::get<0>(whole).total_rows() != std::get<2>(whole)) {
        std::fputs("rows() is not the sum of the tables' rows\n", stderr);
        std::abort();
    }
    return 0;
}
