#include "pg/inventory/inventory_collector.hpp"
#include "pg/scan/complete_dump.hpp"
#include "pg/sql/script_listener.hpp"

#include <dbbackup/pg/dump_inspector.hpp>

namespace dbbackup::pg {

struct DumpInspector::State : ScriptListener {
    [[nodiscard]] std::size_t longest_statement() const noexcept override {
        return InventoryCollector::k_statement_head;
    }

    void on_statement(const ScriptStatement& statement) override { collector.take(statement); }

    void on_rows(base::Bytes) override {}

    void on_rows_end(std::uint64_t) override {}

    void on_comment(std::string_view text) override { collector.take_comment(text); }

    DumpScanner scanner{*this};
    InventoryCollector collector;
};

DumpInspector::DumpInspector() : state_(std::make_unique<State>()) {
}

DumpInspector::~DumpInspector() = default;

void DumpInspector::observe(base::Bytes bytes) {
    state_->scanner.observe(bytes);
}

void DumpInspector::finish() {
    finish_complete(state_->scanner);
    state_->collector.complete();
}

const DumpScanner& DumpInspector::scanner() const noexcept {
    return state_->scanner;
}

DumpSummary DumpInspector::summary() const {
    return {.contents = state_->scanner.contents(), .inventory = state_->collector.inventory()};
}

} // namespace dbbackup::pg
