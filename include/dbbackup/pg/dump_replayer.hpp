#pragma once

#include <dbbackup/base/error.hpp>
#include <dbbackup/pg/chosen_part.hpp>
#include <dbbackup/pg/dump_inventory.hpp>
#include <dbbackup/pg/dump_scanner.hpp>
#include <dbbackup/pg/session.hpp>
#include <dbbackup/stream/pump.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace dbbackup::pg {

/// The server stored fewer or more rows of a COPY than there are: triggers and rules can do that.
class RowsLost : public base::Error {
public:
    using Error::Error;
};

/// Whether the statements of a kind are run.
enum class Treatment { run, leave_out };

/// What becomes of schema `public`. If it `stays`, the dump's statements about its owner, comment
/// and privileges are left out: find_public_objections() has found that they change nothing.
enum class PublicSchema { is_set, stays };

/// Whether C functions may be created whose code is in any file (DumpInventory::outside_functions).
enum class OutsideFiles { refuse, load };

struct ReplayOptions {
    OutsideFiles outside_files = OutsideFiles::refuse;
    Treatment owners = Treatment::run;
    Treatment privileges = Treatment::run;
    PublicSchema public_schema = PublicSchema::is_set;
    /// The target's, which stay as they are: statements about them are left out.
    std::vector<DumpObject> left_alone = {};
    /// Only this, with what belongs to it.
    ChosenPart part = {};
    /// DumpInventory::table_parts, for `part`.
    std::vector<TablePart> table_parts = {};
};

/// Runs a dump in the transaction of a session, statement by statement, as the gate lets it
/// through. Besides what the options say, it leaves out: what would undo the session's
/// lock_timeout; settings and statistics that the server does not know; the DROPs of pg_dump
/// --clean; the creation of a `public` that exists; comments on extensions that have that comment;
/// statements about objects that belong to others and stay.
/// It never ends the transaction: the caller does, once finish() has returned and everything else
/// is checked.
class DumpReplayer : public stream::Observer {
public:
    /// `session` is in a transaction, and outlives the replayer.
    DumpReplayer(Session& session, ReplayOptions options);
    ~DumpReplayer() override;

    /// Throws ServerError if the server refuses a statement or a row, RowsLost, and
    /// base::Error{damaged} if the dump holds what this restore may not run, or would end the
    /// transaction.
    void observe(base::Bytes bytes) override;

    /// The stream has ended. Throws base::Error{damaged} if the dump is not complete.
    void finish();

    [[nodiscard]] const DumpScanner& scanner() const noexcept;

    /// What was left out although it would have had an effect, for people: "23 owners".
    [[nodiscard]] std::vector<std::string> left_out() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace dbbackup::pg
