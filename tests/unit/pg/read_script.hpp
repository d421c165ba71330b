#pragma once

#include "pg/sql/script_listener.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/dump_scanner.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Reads dumps through the gate for the tests, in pieces of any size.
namespace dbbackup::pg {

/// What passed the gate.
struct Script : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override { return longest; }

    void on_statement(const ScriptStatement& statement) override {
        statements.emplace_back(statement.sql);
        offsets.push_back(statement.offset);
        schemas.emplace_back(statement.search_schema);
        all_whole = all_whole && statement.sql_is_whole;
    }

    void on_rows(base::Bytes bytes) override { rows += base::as_text(bytes); }

    void on_rows_end(std::uint64_t count) override { rows += "<" + std::to_string(count) + ">"; }

    void on_comment(std::string_view text) override { comments.emplace_back(text); }

    std::size_t longest = 1 << 20;
    std::vector<std::string> statements;
    std::vector<std::uint64_t> offsets;
    std::vector<std::string> schemas;
    std::string rows; ///< of each block, with its number of rows: "a\nb\n<2>"
    std::vector<std::string> comments;
    bool all_whole = true;
    std::string refusal; ///< the message of base::Error{damaged}, or why the dump is incomplete

    bool operator==(const Script& other) const {
        return statements == other.statements && offsets == other.offsets &&
               schemas == other.schemas && rows == other.rows && comments == other.comments &&
               all_whole == other.all_whole && refusal == other.refusal;
    }
};

/// Reads `text` as a first piece of `head` bytes and others of `chunk`.
inline Script read_script(std::string_view text, std::size_t head, std::size_t chunk,
                          std::size_t longest = 1 << 20) {
    Script script;
    script.longest = longest;
    DumpScanner scanner{script};
    try {
        for (std::size_t size = head; !text.empty(); size = chunk) {
            size = std::min(size, text.size());
            scanner.observe(base::as_bytes(text.substr(0, size)));
            text.remove_prefix(size);
        }
        scanner.finish();
        script.refusal = scanner.incompleteness();
    } catch (const base::Error& error) {
        script.refusal = error.kind() == base::ErrorKind::damaged ? error.what() : "wrong kind";
    }
    return script;
}

inline Script read_script(std::string_view text) {
    return read_script(text, text.size(), text.size());
}

} // namespace dbbackup::pg
