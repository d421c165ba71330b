#pragma once

#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/stream/pump.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dbbackup::pg {

/// Rows of a table of a dump, with some of its columns in a certain order.
struct WantedRows {
    RelationName table;
    std::vector<std::string> columns;
};

/// Reads the rows of some tables of a dump. Runs nothing and refuses nothing. Names are spelled as
/// in base::to_valid_utf8().
class DumpRows : public stream::Observer {
public:
    /// `row` is in COPY's text format, without its line end, and belongs to `wanted[index]`. It may
    /// throw to end the reading.
    using Listener = std::function<void(std::size_t index, std::string_view row)>;

    DumpRows(std::vector<WantedRows> wanted, Listener listener);
    ~DumpRows() override;

    /// Throws base::Error{failed} if a wanted table lacks a wanted column.
    void observe(base::Bytes bytes) override;

    [[nodiscard]] DumpScanner& scanner() noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
