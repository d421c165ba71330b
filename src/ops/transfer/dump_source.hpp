#pragma once

#include "ops/read/dump_check.hpp"
#include "ops/read/dump_file.hpp"
#include "ops/transfer/import_source.hpp"

#include <dbbackup/ops/context.hpp>
#include <dbbackup/store/dump_query.hpp>

namespace dbbackup::ops {

/// The rows of a dump of any kind. Nothing of it is run.
class DumpSource : public ImportSource {
public:
    /// Reads the dump to its end, and requires that it is whole. Throws base::Error.
    DumpSource(store::FoundDump found, const base::CommandLine& command_line,
               const Context& context);

    [[nodiscard]] const pg::RowSource& description() const override { return description_; }

    void read_rows(const std::vector<std::size_t>& tables, const RowListener& listener) override;

private:
    void describe(const base::CommandLine& command_line);
    [[nodiscard]] ChildWatch watch() const;

    store::FoundDump found_;
    const Context& context_;
    DumpFile file_;
    DumpPass checked_;
    pg::RowSource description_;
};

} // namespace dbbackup::ops
