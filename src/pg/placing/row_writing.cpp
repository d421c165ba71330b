#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"
#include "pg/placing/row_writer.hpp"
#include "pg/placing/writing_order.hpp"
#include "pg/sql/sql_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

// DELETE, UPDATE and INSERT in the target.

namespace dbbackup::pg {

void delete_rows(PlacingWork& work) {
    // Counted before: foreign keys of a circle may delete rows of other tables too.
    for (std::size_t i = 0; i < work.plan.tables.size(); ++i) {
        work.result.tables[i].deleted = answered_number(
            work.session.query("select pg_catalog.count(*) from " + target_of(work.table(i)))
                .at(0)
                .at(0));
    }
    for (const TablePlacing& table : work.plan.tables) { // so that a circle can be cut
        for (const CheckedReference& reference : table.checks) {
            if (!reference.is_set_later) {
                continue;
            }
            for (const std::size_t place : reference.columns) {
                const std::string name = quote_identifier(table.columns[place].column.name);
                if (!table.columns[place].column.is_not_null) {
                    work.session.execute(fmt::format("update {} t set {} = null where t.{} is not "
                                                     "null",
                                                     target_of(table), name, name));
                }
            }
        }
    }
    for (std::size_t i = work.plan.tables.size(); i-- > 0;) {
        work.session.execute("delete from " + target_of(work.table(i)));
    }
}

RefusedRows write_rows(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    WritingOrder order{work, number};
    RowWriter updates{work, number, Writing::update, order};
    RowWriter inserts{work, number, Writing::insert, order};
    // A row may move to a new parent in its own table; else it may leave its unique values to a
    // new one.
    const bool refers_to_itself = std::ranges::count(table.checks, std::optional{number},
                                                     &CheckedReference::parent_placing) > 0;
    for (RowWriter* writer :
         refers_to_itself ? std::array{&inserts, &updates} : std::array{&updates, &inserts}) {
        writer->run();
    }
    bool is_less = true;
    while (is_less && !updates.is_certain() && !inserts.is_certain()) { // else all is tried anew
        is_less = updates.retry();
        is_less = inserts.retry() || is_less;
    }
    work.result.tables[number].updated = updates.written();
    work.result.tables[number].inserted = inserts.written();
    RefusedRows refused;
    for (RowWriter* writer : {&updates, &inserts}) {
        if (writer->is_certain() || updates.is_certain() == inserts.is_certain()) {
            refused.merge(writer->refused());
        }
    }
    order.drop();
    return refused;
}

RefusedRows set_waiting_references(PlacingWork& work, std::size_t number) {
    const TablePlacing& table = work.table(number);
    WritingOrder order{work, number};
    RowWriter writer{work, number, Writing::set_references, order};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (is_set_later(table, i)) {
            writer.run();
            break;
        }
    }
    RefusedRows refused = writer.refused();
    order.drop();
    return refused;
}

} // namespace dbbackup::pg
