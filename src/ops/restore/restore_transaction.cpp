#include "ops/restore/restore_transaction.hpp"

#include "ops/restore/approved_loss.hpp"
#include "ops/restore/restore_conflict.hpp"
#include "ops/restore/restore_hints.hpp"
#include "ops/restore/restore_refusals.hpp"
#include "ops/target/commit_outcome.hpp"
#include "ops/target/lock_watch.hpp"
#include "ops/target/watched_session.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/close_public.hpp>
#include <dbbackup/pg/default_privileges.hpp>
#include <dbbackup/pg/drop_plan.hpp>
#include <dbbackup/pg/dump_replayer.hpp>
#include <dbbackup/sys/signals.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <set>

namespace dbbackup::ops {

namespace {

/// Two concurrent restores into one database would only wait for each other.
constexpr const char* k_advisory_key = "7234001923455012";

void require_turn(const std::vector<pg::Session::Row>& taken) {
    if (taken.at(0).at(0) != "t") {
        throw base::Error{base::ErrorKind::locked,
                          "another restore into this database is under way",
                          "Wait for it to end and try again."};
    }
}

/// Settings that make it faster or override others' settings. None outlives the session or weakens
/// the commit.
void prepare_session(pg::Session& session, const RestoreRequest& request) {
    session.execute("set client_min_messages = warning");
    session.execute(fmt::format("set lock_timeout = {}", request.lock_timeout.count()));
    (void)session.query("select pg_catalog.set_config('maintenance_work_mem', $1, false) where "
                        "pg_catalog.pg_size_bytes(pg_catalog.current_setting("
                        "'maintenance_work_mem')) < pg_catalog.pg_size_bytes($1)",
                        {k_maintenance_memory});
    (void)session.query("select pg_catalog.set_config('synchronous_commit', 'local', false) where "
                        "pg_catalog.current_setting('synchronous_commit') = 'off'");
}

void take_turn(pg::Session& session) {
    require_turn(
        session.query("select pg_catalog.pg_try_advisory_xact_lock($1::bigint)", {k_advisory_key}));
}

/// After everything has run: requires that it was what was checked before the user confirmed.
void require_same(const RestoreJob& job, const DumpPass& pass, const pg::DumpContents& contents) {
    const bool same = pass.sha256 == job.dump.pass.sha256 && pass.size == job.dump.pass.size &&
                      contents == job.dump.contents;
    if (!same) {
        throw base::Error{
            base::ErrorKind::damaged,
            fmt::format("'{}' changed while it was restored", base::printable(job.file.path())),
            "Nothing was changed in the target. Find out who writes to that file."};
    }
}

void require_bystanders(const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
    std::vector<std::string> lost;
    std::ranges::set_difference(before, after, std::back_inserter(lost));
    if (!lost.empty()) {
        throw base::Error{
            base::ErrorKind::refused,
            fmt::format("the restore would drop more than the plan showed: {}{}",
                        base::printable(lost.front()),
                        lost.size() > 1 ? fmt::format(" and {} more", lost.size() - 1) : ""),
            "Nothing was changed. It depends on dropped objects. If you do not need it, drop it "
            "first."};
    }
}

/// The transaction, from BEGIN to the last query before COMMIT.
class Transaction {
public:
    /// `told` are the server's notices that need not be repeated.
    Transaction(const RestoreJob& job, std::set<std::string>& told)
        : job_(job), told_(told), session_(job.server.open()),
          watch_(job.server, session_.process_id(), job.request.others, job.context.listener) {
        session_.listen([this](std::chrono::milliseconds waited) { watch_.look(waited); },
                        [this](const std::string& notice) { tell(notice); });
    }

    std::vector<std::string> run() {
        try {
            prepare_session(session_, job_.request);
            ask_to_be_watched(session_);
            session_.execute("begin isolation level read committed read write");
            id_ = transaction_id(session_);
            take_turn(session_);
            set_client_encoding(session_, job_.restored.inventory.encoding);
            watch_.clear_the_way();
            replace_content();
        } catch (const pg::ServerError& error) {
            const RefusedByServer refused =
                explain(error, job_.request,
                        {.blockers = watch_.last_seen(),
                         .lock_timeout = job_.request.lock_timeout,
                         .is_part = !job_.chosen.whole || !job_.part.empty()});
            if (is_conflict(error) && is_surely_rolled_back()) {
                throw Conflict{refused, error};
            }
            throw refused;
        }
        sys::throw_if_interrupted(); // the last moment at which a signal means "nothing changed"
        require_committed(
            session_, id_, [this] { return job_.server.open(); }, job_.context.listener);
        return left_out_;
    }

private:
    /// The server repeats many notices for each object.
    void tell(const std::string& notice) {
        if (told_.insert(notice).second) {
            job_.context.listener.on_warning("the server says: " + notice);
        }
    }

    /// The server itself confirms it, and has released the locks by then.
    [[nodiscard]] bool is_surely_rolled_back() {
        try {
            session_.execute("rollback");
            return session_.query("select pg_catalog.txid_status($1::bigint)", {id_}).at(0).at(0) ==
                   "aborted";
        } catch (const pg::ServerError&) {
            return false;
        }
    }

    void replace_content() {
        const auto list_bystanders = [this] {
            return pg::list_bystanders(session_, job_.restored, job_.scope);
        };
        const auto bystanders = list_bystanders();
        drop();
        // Else the target's default privileges would add or remove privileges of the dump's
        // objects.
        const auto suspended = pg::suspend_default_privileges(session_);
        run_dump();
        session_.execute("set constraints all immediate");
        // The dump may have left the session with another role or encoding.
        session_.execute("reset session authorization");
        session_.execute("reset role");
        set_client_encoding(session_, job_.restored.inventory.encoding);
        if (job_.scope != pg::DropScope::everything) {
            pg::resume_default_privileges(session_, suspended);
        }
        require_bystanders(bystanders, list_bystanders());
        // A signal may have cancelled a query; that is not the dump's fault.
        sys::throw_if_interrupted();
        if (!session_.in_transaction() || transaction_id(session_) != id_) {
            throw base::Error{base::ErrorKind::damaged,
                              "the dump is not safe to run: it ended the transaction",
                              "Use a dump that dbbackup or pg_dump made, unchanged."};
        }
    }

    /// By a plan made within the transaction, because others may have made changes since the loss
    /// was shown.
    void drop() {
        const pg::DropPlan plan = pg::plan_drops(session_, job_.restored, job_.scope);
        require_no_dependents(job_.request, plan.dependents, job_.scope, job_.part);
        require_rights(job_.request, plan.objections);
        require_approved(plan, job_.approved, job_.request);
        for (const pg::LeftAlone& one : plan.left_alone) {
            left_alone_.push_back(one.object);
        }
        public_schema_ = plan.keeps_public ? pg::PublicSchema::stays : pg::PublicSchema::is_set;
        for (const std::string& statement : plan.statements) {
            session_.execute(statement);
        }
        const auto close =
            pg::close_public(job_.dump.inventory.of_public, job_.restored.inventory.of_public,
                             job_.server.info().version_number);
        if (close && job_.approved.empty && !job_.approved.keeps_public) {
            session_.execute(*close);
        }
    }

    void run_dump() {
        session_.execute("reset search_path"); // a dump that sets none uses the target's
        pg::DumpReplayer replayer{session_,
                                  {.outside_files = job_.request.outside_files,
                                   .owners = job_.request.owners,
                                   .privileges = job_.request.privileges,
                                   .public_schema = public_schema_,
                                   .left_alone = left_alone_,
                                   .part = job_.chosen,
                                   .table_parts = job_.restored.inventory.table_parts}};
        const ChildWatch watch{.listener = job_.context.listener,
                               .estimated_bytes = job_.dump.pass.sql_bytes,
                               .connection = &job_.request.connection};
        const DumpPass pass =
            job_.file.read(replayer, replayer.scanner(), watch, Progress::Phase::restoring);
        replayer.finish();
        require_same(job_, pass, replayer.scanner().contents());
        left_out_ = replayer.left_out();
    }

    const RestoreJob& job_;
    std::set<std::string>& told_;
    pg::Session session_;
    LockWatch watch_;
    std::string id_;
    pg::PublicSchema public_schema_ = pg::PublicSchema::is_set;
    std::vector<pg::DumpObject> left_alone_;
    std::vector<std::string> left_out_;
};

} // namespace

void set_client_encoding(pg::Session& session, const std::string& encoding) {
    if (!encoding.empty()) {
        (void)session.query("select pg_catalog.set_config('client_encoding', $1, false)",
                            {encoding});
    }
}

void require_no_other_restore(pg::Session& session) {
    // Released at once, and shared, so that two checks do not refuse each other.
    require_turn(session.query("select pg_catalog.pg_try_advisory_xact_lock_shared($1::bigint)",
                               {k_advisory_key}));
}

void take_turn_for_session(pg::Session& session) {
    require_turn(
        session.query("select pg_catalog.pg_try_advisory_lock($1::bigint)", {k_advisory_key}));
}

std::vector<std::string> run_restore_transaction(const RestoreJob& job,
                                                 const std::function<bool()>& prepare_again) {
    std::set<std::string> told;
    return retry_conflicts(
        [&] {
            return Transaction{job, told}.run();
        },
        prepare_again, job.context.listener);
}

} // namespace dbbackup::ops
