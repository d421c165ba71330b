#include "pg/sql/read_sql.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/statement_facts.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/copied_fields.hpp>
#include <dbbackup/pg/dump_rows.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace dbbackup::pg {

namespace {

/// More than the names of the columns of any table take.
constexpr std::size_t k_longest_copy_statement = 1U << 20U;

RelationName spelled(const QualifiedName& name) {
    return {base::to_valid_utf8(name.schema), base::to_valid_utf8(name.name)};
}

} // namespace

struct DumpRows::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_copy_statement;
    }

    void on_statement(const ScriptStatement& statement) override;
    void on_rows(base::Bytes rows) override;

    void on_rows_end(std::uint64_t) override { current = nullptr; }

    void on_comment(std::string_view) override {}

    void choose_fields(const std::vector<std::string>& copied);
    void take_row(std::string_view row);

    DumpScanner scanner{*this, DumpScanner::Gate::open};
    std::vector<WantedRows> wanted;
    Listener listener;
    std::map<RelationName, std::size_t> index_of;
    const WantedRows* current = nullptr; ///< whose rows are being read
    std::vector<std::size_t> fields;     ///< of its rows; empty: all, as they are
    std::string begun;                   ///< a row of which a part was read
    std::string chosen;                  ///< its wanted fields
};

void DumpRows::State::on_statement(const ScriptStatement& statement) {
    const auto copied = find_copied_table(statement.head);
    if (!copied) {
        return;
    }
    const auto found = index_of.find(spelled(statement.qualified(*copied)));
    if (found != index_of.end()) {
        current = &wanted[found->second];
        choose_fields(read_names(text_in_parentheses(statement.sql)));
    }
}

void DumpRows::State::choose_fields(const std::vector<std::string>& copied) {
    fields.clear();
    std::vector<std::string> names;
    std::ranges::transform(copied, std::back_inserter(names), base::to_valid_utf8);
    if (names == current->columns) {
        return;
    }
    for (const std::string& column : current->columns) {
        const auto place = std::ranges::find(names, column);
        if (place == names.end()) {
            throw base::Error{base::ErrorKind::failed,
                              fmt::format("the dump's rows of {}.{} have no column {}",
                                          base::printable(current->table.schema),
                                          base::printable(current->table.name),
                                          base::printable(column))};
        }
        fields.push_back(static_cast<std::size_t>(place - names.begin()));
    }
}

void DumpRows::State::on_rows(base::Bytes rows) {
    if (current == nullptr) {
        return;
    }
    for (std::string_view text = base::as_text(rows); !text.empty();) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) {
            begun += text;
            return;
        }
        if (begun.empty()) {
            take_row(text.substr(0, end));
        } else {
            begun += text.substr(0, end);
            take_row(begun);
            begun.clear();
        }
        text.remove_prefix(end + 1);
    }
}

void DumpRows::State::take_row(std::string_view row) {
    const auto index = static_cast<std::size_t>(current - wanted.data());
    if (fields.empty()) {
        listener(index, current->columns.empty() ? std::string_view{} : row);
        return;
    }
    const auto all = split_copied_row(row);
    chosen.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        chosen += i == 0 ? "" : "\t";
        chosen += fields[i] < all.size() ? all[fields[i]] : std::string_view{};
    }
    listener(index, chosen);
}

DumpRows::DumpRows(std::vector<WantedRows> wanted, Listener listener)
    : state_(std::make_unique<State>()) {
    state_->wanted = std::move(wanted);
    state_->listener = std::move(listener);
    for (std::size_t i = 0; i < state_->wanted.size(); ++i) {
        state_->index_of[state_->wanted[i].table] = i;
    }
}

DumpRows::~DumpRows() = default;

void DumpRows::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

DumpScanner& DumpRows::scanner() noexcept {
    return state_->scanner;
}

} // namespace dbbackup::pg
