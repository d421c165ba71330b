#include "cli/run_record/run_reporter.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/run_record/journal.hpp"
#include "cli/run_record/note_results.hpp"
#include "cli/terminal/console.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/client_environment.hpp>
#include <dbbackup/sys/ending_signals.hpp>
#include <dbbackup/sys/signals.hpp>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_longest_reason = 1000;

/// Whether the database is that of the URL. Other commands ask for it in their own way.
bool is_about_url(const CLI::App& command) {
    const CLI::Option* all = command.get_option_no_throw("--all");
    return command.get_name() == "export" ||
           (command.get_name() == "dump" && (all == nullptr || all->count() == 0));
}

bool is_dry_run(const CLI::App& command) {
    const CLI::Option* option = command.get_option_no_throw("--dry-run");
    return option != nullptr && option->count() > 0 && option->as<bool>();
}

/// Whether runs of these two are about the same database, as far as both know theirs.
bool may_be_of_same_database(const RunRecord& one, const RunRecord& other) {
    if (!one.target || !other.target) {
        return true;
    }
    const auto fits = [](const auto& a, const auto& b) {
        return a == decltype(a){} || b == decltype(b){} || a == b;
    };
    return one.target->database == other.target->database &&
           fits(one.target->host, other.target->host) && fits(one.target->port, other.target->port);
}

} // namespace

void RunReporter::add_to(CLI::App& root) {
    root.add_option("--reason", reason_, "Why you run this, for the journal")
        ->type_name("TEXT")
        ->configurable(false);
}

void RunReporter::begin(const CLI::App& command, const Settings& settings) {
    started_ = std::chrono::steady_clock::now();
    is_recorded_ = is_recorded(command.get_name()) && !is_dry_run(command);
    is_about_url_ = is_about_url(command);
    record_ = begin_record(command.get_name());
    notifies_ = is_recorded_ && settings.notifies();
    if (notifies_) {
        // Before our own libpq settings replace the caller's.
        const std::vector<std::string> environment = pg::current_environment();
        hooks_.emplace(settings.hooks(), environment);
        pings_.read_urls(settings, environment,
                         [this](const std::string& message) { warn(message); });
    }
}

void RunReporter::start(const Settings& settings) {
    if (!notifies_) {
        return;
    }
    if (is_about_url_) {
        note_target(record_, pg::parse_connection_url(settings.require_url()));
    }
    pings_.start(record_);
    const auto problem =
        hooks_->run(HookEvent::start, record_, [] { return sys::count_ending_signals() > 0; });
    sys::throw_if_interrupted();
    if (problem) {
        throw base::Error{base::ErrorKind::failed, *problem,
                          "Nothing was done. To run without hooks and pings: --no-notify."};
    }
}

void RunReporter::require_usable_reason() const {
    require_no_url(reason_, "the reason");
    if (reason_.size() > k_longest_reason) {
        throw base::Error{base::ErrorKind::usage, "the reason has more than 1000 bytes",
                          "Give a short one: --reason 'before the move to db2'."};
    }
}

void RunReporter::finish(const Settings& settings, int exit_code) {
    if (!is_recorded_) {
        return;
    }
    record_.exit_code = exit_code;
    record_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started_);
    try {
        require_usable_reason();
        record_.reason = base::printable(reason_);
    } catch (const base::Error&) {
        record_.reason.clear(); // the run failed because of it
    }
    // A signal that ended the run must not end this too; another one does.
    const sys::CleanupScope undisturbed;
    sys::take_back_signals();
    const unsigned signals = sys::count_ending_signals();
    const auto must_end = [signals] { return sys::count_ending_signals() > signals; };
    try {
        const bool recovers = is_recovery(settings);
        write_journal(settings);
        if (notifies_) {
            run_hooks(must_end);
            pings_.finish(record_, recovers, must_end,
                          [this](const std::string& message) { warn(message); });
        }
    } catch (const std::exception& error) {
        warn(base::printable(error.what()));
    }
}

bool RunReporter::is_recovery(const Settings& settings) const {
    const auto directory = settings.find_directory();
    if (!notifies_ || !pings_.tells_of_recovery() || !record_.is_success() || !directory) {
        return false;
    }
    try {
        const JournalPage page =
            read_journal(sys::Directory::open(*directory), 1, [this](const RunRecord& run) {
                return run.command == record_.command && may_be_of_same_database(run, record_);
            });
        return !page.runs.empty() && !page.runs.front().is_success();
    } catch (const base::Error&) {
        return false; // writing it fails too, and warns
    }
}

void RunReporter::run_hooks(const std::function<bool()>& must_end) {
    for (const HookEvent event :
         {record_.is_success() ? HookEvent::success : HookEvent::failure, HookEvent::finish}) {
        if (must_end()) {
            return;
        }
        if (const auto problem = hooks_->run(event, record_, must_end)) {
            warn(*problem);
        }
    }
}

void RunReporter::warn(const std::string& message) {
    cli::warn(message);
    log_.warning(message);
}

void RunReporter::write_journal(const Settings& settings) {
    const auto directory = settings.find_directory();
    if (!directory) {
        return;
    }
    try {
        append_to_journal(*directory, record_);
    } catch (const base::Error& error) {
        warn(std::string{"the journal cannot be written: "} + error.what());
    }
}

} // namespace dbbackup::cli
