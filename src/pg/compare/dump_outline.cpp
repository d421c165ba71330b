#include "pg/compare/large_object_contents.hpp"
#include "pg/compare/normal_form.hpp"
#include "pg/compare/skeleton.hpp"
#include "pg/compare/text_hash.hpp"
#include "pg/compare/version_neutral.hpp"
#include "pg/inventory/inventory_collector.hpp"
#include "pg/inventory/set_sequence.hpp"
#include "pg/inventory/table_subject.hpp"
#include "pg/scan/complete_dump.hpp"
#include "pg/sql/script_listener.hpp"
#include "pg/sql/statement_facts.hpp"
#include "pg/sql/statement_text.hpp"

#include <dbbackup/pg/dump_outline.hpp>

#include <set>

namespace dbbackup::pg {

struct DumpOutline::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return k_longest_statement;
    }

    void on_statement(const ScriptStatement& statement) override;

    void on_rows(base::Bytes) override {}

    void on_rows_end(std::uint64_t) override {}

    void on_comment(std::string_view text) override { inventory.take_comment(text); }

    void take_copy(const ScriptStatement& statement, QualifiedName table);
    void take_setting(const ScriptStatement& statement);
    void take_attached(const Statement& statement);
    void take_other(const ScriptStatement& statement);
    TextDigest digest_of_words(WordSpan words);

    DumpScanner scanner{*this};
    InventoryCollector inventory;
    LargeObjectContents large_objects;
    OutlineDetails details;
    std::set<QualifiedName> copied;
    std::set<TextDigest> settings;
    Backslashes backslashes = Backslashes::plain;
    TextHash hash;
};

void DumpOutline::State::on_statement(const ScriptStatement& statement) {
    require_whole(statement);
    inventory.take(statement);
    take_attached(statement.head);
    if (auto table = find_copied_table(statement.head)) {
        take_copy(statement, statement.qualified(std::move(*table)));
    } else if (auto set = find_set_value(statement)) {
        details.sequences.push_back({.schema = std::move(set->sequence.schema),
                                     .name = std::move(set->sequence.name),
                                     .value = std::move(set->value),
                                     .is_called = std::move(set->is_called)});
    } else if (is_setting(statement.head)) {
        take_setting(statement);
    } else if (!find_statistics_function(statement.head).empty()) {
        // The copy has its own, of another moment and another sample.
    } else if (!large_objects.take(statement) && !creates_large_object(statement.head) &&
               !find_inserted_rows(statement.head)) {
        take_other(statement);
    }
}

void DumpOutline::State::take_copy(const ScriptStatement& statement, QualifiedName table) {
    if (copied.insert(table).second) {
        const std::string_view list = text_in_parentheses(statement.sql);
        details.copied_tables.push_back({.schema = std::move(table.schema),
                                         .name = std::move(table.name),
                                         .column_list = std::string{list},
                                         .columns = read_names(list)});
    }
}

void DumpOutline::State::take_setting(const ScriptStatement& statement) {
    if (const auto standard = find_standard_strings(statement.head)) {
        backslashes = *standard ? Backslashes::plain : Backslashes::escaping;
    }
    const TextDigest text = digest_of(statement.sql);
    if (settings.insert(text).second) {
        details.settings.push_back({.text = text,
                                    .normal_form = text,
                                    .skeleton = text,
                                    .version_neutral = {},
                                    .beginning = shown_beginning(statement.sql)});
    }
}

void DumpOutline::State::take_attached(const Statement& statement) {
    const std::string_view kind = statement.kind();
    if (statement.verb() != Verb::create ||
        (kind != "trigger" && kind != "rule" && kind != "policy")) {
        return;
    }
    WordReader reader = statement.object();
    const auto name = reader.take_name();
    if (name && *name != "_RETURN") { // which makes a view, and is not always written so
        details.attached.push_back({.kind = std::string{kind}, .schema = {}, .name = *name});
    }
}

void DumpOutline::State::take_other(const ScriptStatement& statement) {
    const Words words = significant_words(statement.sql, backslashes);
    const Words neutral = version_neutral(statement.head, words);
    details.statements.push_back({.text = digest_of(statement.sql),
                                  .normal_form = digest_of_words(normal_form(words)),
                                  .skeleton = digest_of_words(skeleton(words)),
                                  .version_neutral = neutral.empty()
                                                         ? std::nullopt
                                                         : std::optional{digest_of_words(neutral)},
                                  .beginning = shown_beginning(statement.sql)});
}

TextDigest DumpOutline::State::digest_of_words(WordSpan words) {
    hash.reset();
    for (const Word& word : words) {
        hash.add(word.text);
        hash.add({"\0", 1}); // which no statement holds
    }
    return hash.digest();
}

DumpOutline::DumpOutline() : state_(std::make_unique<State>()) {
}

DumpOutline::~DumpOutline() = default;
DumpOutline::DumpOutline(DumpOutline&&) noexcept = default;

void DumpOutline::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

void DumpOutline::finish() {
    finish_complete(state_->scanner);
    state_->inventory.complete();
    state_->details.large_objects = state_->large_objects.digests();
}

const DumpScanner& DumpOutline::scanner() const noexcept {
    return state_->scanner;
}

const DumpInventory& DumpOutline::inventory() const noexcept {
    return state_->inventory.inventory();
}

const OutlineDetails& DumpOutline::details() const noexcept {
    return state_->details;
}

} // namespace dbbackup::pg
