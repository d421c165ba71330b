#include "pg/gate/allowed_statements.hpp"

#include <array>

// The source of each group is the function of src/bin/pg_dump that writes it: in pg_dump.c, unless
// another file is named. The list was made from version 15, and from pg_backup_archiver.c of a
// later one; tests/data/foreign and the unit tests have what other versions write differently.

namespace dbbackup::pg {

namespace {

constexpr auto k_abbreviations = std::to_array<TokenPatterns::Abbreviation>({
    // For what is made or changed: never in a schema that belongs to PostgreSQL. Unqualified before
    // 10.3, whose dumps set the search_path instead.
    {"NAME", "[SCHEMA .] WORD"},
    // For what is only named, such as a handler.
    {"ANY_NAME", "[WORD .] WORD"},
    // Where rows go: not to the system's tables either.
    {"TABLE", "{SCHEMA . WORD | OWN}"},
    {"COLUMNS", "( WORD [, WORD]... )"},

    {"VALUE", "{STRING | [-] NUMBER | true | false | null | default}"},
    {"ROW", "( VALUE [, VALUE]... )"},

    {"INHERITS", "inherits ( NAME [, NAME]... )"},
    // Partition bounds are computed at once since 12.
    {"BOUND_VALUE", "{VALUE | minvalue | maxvalue | unbounded}"},
    {"BOUND_ROW", "( BOUND_VALUE [, BOUND_VALUE]... )"},
    {"BOUND", "{default | for values {in BOUND_ROW | with GROUP | from BOUND_ROW to BOUND_ROW}}"},

    {"SETTING", "{statement_timeout | lock_timeout | idle_in_transaction_session_timeout | "
                "transaction_timeout | client_encoding | standard_conforming_strings | "
                "escape_string_warning | check_function_bodies | xmloption | client_min_messages | "
                "row_security | search_path | default_tablespace | default_table_access_method | "
                "default_with_oids}"},
    {"SETTING_VALUE", "{WORD | STRING | NUMBER}"},

    // Arguments of the functions that restore statistics, since 18.
    {"STATISTIC_TYPE",
     "{smallint | integer | real | boolean | text | oid | regclass} [\"[\" \"]\"]"},
    {"STATISTIC", "VALUE [:: STATISTIC_TYPE]"},
    // The last of two tables would count, so none is named among these.
    {"STATISTIC_NAME",
     "{'relpages' | 'reltuples' | 'relallvisible' | 'relallfrozen' | 'attname' | 'attnum' | "
     "'inherited' | 'null_frac' | 'avg_width' | 'n_distinct' | 'most_common_vals' | "
     "'most_common_freqs' | 'histogram_bounds' | 'correlation' | 'most_common_elems' | "
     "'most_common_elem_freqs' | 'elem_count_histogram' | 'range_length_histogram' | "
     "'range_empty_frac' | 'range_bounds_histogram'}"},

    {"OPERATOR", "[SCHEMA .] SIGN [SIGN]..."},
    {"ALTERED_TABLE", "{[foreign] table | view | materialized view} [if exists] [only] NAME"},
    {"WHEN_FIRED", "{enable [replica | always] | disable}"},

    {"KIND",
     "{access method | aggregate | cast | collation | conversion | domain | event trigger | "
     "extension | foreign data wrapper | foreign table | function | index | [procedural] language "
     "| materialized view | operator [class | family] | policy | procedure | publication | rule | "
     "schema | sequence | server | statistics | subscription | table | text search "
     "{configuration | dictionary | parser | template} | transform | trigger | type | "
     "user mapping | view}"},
    {"PRIVILEGE", "WORD [GROUP]"},
    // Not DATABASE, TABLESPACE or PARAMETER; granting a role has no ON.
    {"PRIVILEGES",
     "PRIVILEGE [, PRIVILEGE]... on {table | sequence | function | procedure | routine | "
     "[procedural] language | schema | large object | type | domain | foreign data wrapper | "
     "foreign server}"},
});

constexpr auto k_patterns = std::to_array<std::string_view>({
    // Settings: _doSetFixedOutputState(), _selectOutputSchema(), _selectTablespace() and
    // _selectTableAccessMethod() of pg_backup_archiver.c; dumpSearchPath().
    "set SETTING {= | to} SETTING_VALUE [, SETTING_VALUE]...",
    "select pg_catalog . set_config ( 'search_path' , '' , false )",
    // pg_dump --use-set-session-authorization: _doSetSessionAuth(). Privileges granted by others:
    // buildACLCommands() of dumputils.c.
    "set session authorization {STRING | WORD}",
    "reset session authorization",

    // Rows: dumpTableData(), and dumpTableData_insert() with --inserts and what goes with it.
    "copy TABLE [COLUMNS] [with oids] from stdin",
    "insert into TABLE [COLUMNS] [overriding system value] values ROW [, ROW]... "
    "[on conflict do nothing]",
    "insert into TABLE default values [on conflict do nothing]",
    // dumpSequenceData().
    "select pg_catalog . setval ( STRING , [-] NUMBER [, {true | false}] )",
    // Large objects: dumpLO(), and pg_backup_archiver.c, pg_backup_null.c and pg_backup_db.c.
    "select pg_catalog . lo_create ( {STRING | NUMBER} )",
    "select pg_catalog . lo_open ( {STRING | NUMBER} , NUMBER )",
    "select pg_catalog . lowrite ( NUMBER , STRING )",
    "select pg_catalog . lo_close ( NUMBER )",
    "select pg_catalog . lo_unlink ( {STRING | NUMBER} )",
    "select pg_catalog . lo_unlink ( oid ) from pg_catalog . pg_largeobject_metadata "
    "where oid = STRING",
    // Statistics: dumpRelationStats().
    "select * from pg_catalog . {pg_restore_relation_stats | pg_restore_attribute_stats} "
    "( 'version' , STATISTIC , 'schemaname' , OWN_STRING , 'relname' , STRING "
    "[, STATISTIC_NAME , STATISTIC]... )",
    // refreshMatViewData().
    "refresh materialized view NAME",

    // dumpNamespace(). Not with objects made in the same statement.
    "create schema WORD [authorization WORD]",
    // dumpExtension().
    "create extension [if not exists] WORD [with schema WORD]",
    // dumpTableSchema(), dumpSequence(). A table is never made from a query.
    "create [unlogged] table NAME [of ANY_NAME | partition of NAME] [GROUP] [INHERITS] "
    "[BOUND] [partition by WORD GROUP] [with GROUP]",
    "create foreign table NAME [partition of NAME] [GROUP] [INHERITS] [BOUND] server WORD "
    "[options GROUP]",
    "create [or replace] view NAME REST",
    "create materialized view NAME REST with no data",
    "create [unlogged] sequence NAME REST",
    // dumpIndex(), dumpTrigger(), dumpRule(), dumpPolicy(), dumpStatisticsExt().
    "create [unique] index WORD on [only] NAME REST",
    "create [constraint] trigger WORD REST",
    "create rule WORD as on REST",
    "create policy WORD on NAME REST",
    "create statistics NAME REST",
    // dumpType() and its kin, dumpFunc(), dumpAgg(), dumpOpr(), dumpCast() and so on.
    "create type NAME [REST]",
    "create domain NAME as REST",
    "create {function | procedure} NAME GROUP REST",
    "create aggregate NAME GROUP GROUP",
    "create operator OPERATOR GROUP",
    "create operator {class | family} NAME REST",
    "create cast GROUP REST",
    "create transform for REST",
    "create collation NAME GROUP",
    "create [default] conversion NAME for STRING to STRING from ANY_NAME",
    "create [trusted] [procedural] language WORD [handler ANY_NAME] [inline ANY_NAME] "
    "[validator ANY_NAME]",
    "create or replace [procedural] language WORD",
    "create access method WORD type {index | table} handler ANY_NAME",
    "create text search {configuration | dictionary | parser | template} NAME GROUP",
    // dumpEventTrigger(), dumpForeignDataWrapper(), dumpForeignServer(), dumpUserMappings().
    "create event trigger WORD on WORD [when tag in GROUP] execute {function | procedure} "
    "ANY_NAME ( )",
    "create foreign data wrapper WORD REST",
    "create server WORD REST",
    "create user mapping for WORD server WORD [options GROUP]",
    // dumpPublication(), dumpSubscription(): the latter never connects by itself.
    "create publication WORD REST",
    "create subscription WORD connection STRING publication WORD [, WORD]... "
    "with ( connect = false REST",

    // Owners: _printTocEntry() of pg_backup_archiver.c.
    "alter {[foreign] table | [materialized] view | sequence | collation | conversion | domain | "
    "type | statistics | text search {configuration | dictionary}} NAME owner to WORD",
    "alter schema SCHEMA owner to WORD",
    "alter {[procedural] language | event trigger | foreign data wrapper | server | "
    "publication | subscription} WORD owner to WORD",
    "alter {aggregate | function | procedure} NAME GROUP owner to WORD",
    "alter operator OPERATOR GROUP owner to WORD",
    "alter operator {class | family} NAME using WORD owner to WORD",
    "alter large object NUMBER owner to WORD",

    // Tables and views, one change at a time: dumpTableSchema(), dumpTableAttach(), dumpAttrDef(),
    // dumpConstraint(), dumpTrigger(), dumpRule(), dumpPolicy(), dumpIndex() and dumpSequence();
    // _disableTriggersIfNecessary() and _printTableAccessMethodNoStorage() of
    // pg_backup_archiver.c.
    "alter ALTERED_TABLE add constraint WORD EXPRESSION",
    "alter ALTERED_TABLE drop constraint [if exists] WORD",
    "alter ALTERED_TABLE alter [column] WORD set default EXPRESSION",
    "alter ALTERED_TABLE alter [column] WORD drop default",
    "alter ALTERED_TABLE alter [column] WORD {set | drop} not null",
    "alter ALTERED_TABLE alter [column] WORD set statistics [-] NUMBER",
    "alter ALTERED_TABLE alter [column] WORD set {storage | compression} WORD",
    "alter ALTERED_TABLE alter [column] WORD {set | options} GROUP",
    "alter ALTERED_TABLE alter [column] WORD add generated {always | by default} as identity "
    "GROUP",
    "alter ALTERED_TABLE inherit NAME",
    "alter ALTERED_TABLE of ANY_NAME",
    "alter ALTERED_TABLE attach partition NAME BOUND",
    "alter ALTERED_TABLE cluster on WORD",
    "alter ALTERED_TABLE set without cluster",
    "alter ALTERED_TABLE WHEN_FIRED {trigger | rule} WORD",
    "alter ALTERED_TABLE {enable | disable | force | no force} row level security",
    "alter ALTERED_TABLE replica identity {nothing | full | default | using index WORD}",
    "alter ALTERED_TABLE set GROUP",
    "alter ALTERED_TABLE set access method WORD",
    "alter index NAME attach partition NAME",
    "alter index NAME alter [column] NUMBER set statistics NUMBER",
    "alter statistics NAME set statistics [-] NUMBER",
    "alter sequence NAME owned by [SCHEMA .] WORD . WORD",
    "alter sequence NAME set {logged | unlogged}",
    // append_depends_on_extension().
    "alter {function | procedure} NAME GROUP depends on extension WORD",
    "alter {index | materialized view} NAME depends on extension WORD",
    "alter trigger WORD on NAME depends on extension WORD",
    // dumpConstraint(), dumpOpfamily(), dumpTSConfig(), dumpEventTrigger(), dumpPublicationTable(),
    // dumpPublicationNamespace().
    "alter domain [if exists] NAME add constraint WORD EXPRESSION",
    "alter domain [if exists] NAME drop constraint [if exists] WORD",
    "alter operator family NAME using WORD add REST",
    "alter text search configuration NAME add mapping for REST",
    "alter event trigger WORD WHEN_FIRED",
    "alter publication WORD {add | drop} {table | tables} REST",

    // dumpDefaultACL(), dumpACL(), dumpComment(), dumpSecLabel(). Roles and tablespaces belong to
    // pg_dumpall; statements about the database itself were in all dumps before 11.
    "alter default privileges for {role | user} WORD [in schema WORD] {grant | revoke} REST",
    "grant PRIVILEGES REST",
    "revoke [grant option for] PRIVILEGES REST",
    "comment on {KIND | column | constraint | large object | database} REST",
    "security label [for {WORD | STRING}] on {KIND | column | large object | database} REST",

    // pg_dump --clean: RestoreArchive() of pg_backup_archiver.c.
    "drop schema [if exists] SCHEMA",
    "drop {access method | cast | event trigger | extension | foreign data wrapper | [procedural] "
    "language | publication | server | subscription | transform | user mapping} EXPRESSION",
    "drop {aggregate | function | procedure} [if exists] NAME GROUP",
    "drop operator [if exists] OPERATOR GROUP",
    "drop operator {class | family} [if exists] NAME using WORD",
    "drop {collation | conversion | domain | foreign table | index | materialized view | sequence "
    "| "
    "statistics | table | text search {configuration | dictionary | parser | template} | type | "
    "view} [if exists] NAME [cascade]",
    "drop {policy | rule | trigger} [if exists] WORD on NAME",
});

} // namespace

const TokenPatterns& allowed_statements() {
    static const TokenPatterns k_allowed{k_patterns, k_abbreviations};
    return k_allowed;
}

} // namespace dbbackup::pg
