#include "pg/connect/answered_number.hpp"
#include "pg/placing/placing_work.hpp"

#include <fmt/format.h>

namespace dbbackup::pg {

// One statement for all generations: a check of the whole table for each would take quadratic time
// if every row refers to the one before.
std::string with_descendants(PlacingWork& work, std::size_t number, const std::string& condition,
                             const std::string& is_child) {
    Session& session = work.session;
    session.execute(fmt::format("create temporary table dbbackup_lost on commit drop as select "
                                "s.dbbackup_row from {} s where {}",
                                rows_of(number), condition));
    const std::string lost = "s.dbbackup_row operator(pg_catalog.=) any (select l.dbbackup_row "
                             "from pg_temp.dbbackup_lost l)";
    if (answered_number(
            session.query("select pg_catalog.count(*) from pg_temp.dbbackup_lost").at(0).at(0)) ==
        0) {
        return lost;
    }
    session.execute(fmt::format("create temporary table dbbackup_children on commit drop as select "
                                "s.dbbackup_row as child, p.dbbackup_row as parent from {0} s, {0} "
                                "p where p.dbbackup_fate in ('i', 'u') and {1}",
                                rows_of(number), is_child));
    session.execute("create index on pg_temp.dbbackup_children (parent)");
    // Other joins would read all children again for each generation.
    session.execute("set local enable_hashjoin to off");
    session.execute("set local enable_mergejoin to off");
    session.execute("with recursive lost as (select l.dbbackup_row from pg_temp.dbbackup_lost l "
                    "union select c.child from lost l, pg_temp.dbbackup_children c where c.parent "
                    "operator(pg_catalog.=) l.dbbackup_row) insert into pg_temp.dbbackup_lost "
                    "select l.dbbackup_row from lost l");
    session.execute("set local enable_hashjoin to default");
    session.execute("set local enable_mergejoin to default");
    session.execute("drop table pg_temp.dbbackup_children");
    return lost;
}

} // namespace dbbackup::pg
