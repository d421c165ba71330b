#include "cli/run_record/hooks.hpp"

#include "cli/run_record/memory_file.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/foreground_program.hpp>
#include <dbbackup/sys/limited_program.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace dbbackup::cli {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view k_prefix = "DBBACKUP_HOOK_";
constexpr sys::ProgramLimits k_limits{.time = 60s, .grace = 5s, .output = 65'536};

std::string name_of(HookEvent event) {
    switch (event) {
    case HookEvent::start:
        return "start";
    case HookEvent::success:
        return "success";
    case HookEvent::failure:
        return "failure";
    case HookEvent::finish:
        return "finish";
    }
    return {};
}

const std::vector<std::string>& words_of(const HookSettings& settings, HookEvent event) {
    switch (event) {
    case HookEvent::start:
        return settings.on_start;
    case HookEvent::success:
        return settings.on_success;
    case HookEvent::failure:
        return settings.on_failure;
    case HookEvent::finish:
        break;
    }
    return settings.on_finish;
}

/// A path as it is; a name in PATH, but never in the current directory.
std::optional<std::string> find_hook(const std::string& word,
                                     const std::vector<std::string>& environment) {
    if (word.find('/') != std::string::npos) {
        return sys::find_program(word);
    }
    constexpr std::string_view k_path = "PATH=";
    std::string path = "/usr/local/bin:/usr/bin:/bin";
    for (const std::string& entry : environment) {
        if (entry.starts_with(k_path)) {
            path = entry.substr(k_path.size());
        }
    }
    return sys::find_in_absolute_path(word, path);
}

/// Passes lines on to stderr, safe to show.
class LinePrinter {
public:
    void add(std::string_view text) {
        pending_ += text;
        for (std::size_t end = pending_.find('\n'); end != std::string::npos;
             end = pending_.find('\n')) {
            print(pending_.substr(0, end));
            pending_.erase(0, end + 1);
        }
    }

    void finish() {
        if (!pending_.empty()) {
            print(std::exchange(pending_, {}));
        }
    }

private:
    static void print(const std::string& line) {
        const std::string shown = base::printable(line) + "\n";
        (void)std::fwrite(shown.data(), 1, shown.size(), stderr);
    }

    std::string pending_;
};

std::string run_hook(const sys::Command& command, const std::function<bool()>& must_end) {
    LinePrinter printer;
    const sys::LimitedRun run = sys::run_limited_program(
        command, k_limits, must_end, [&printer](std::string_view text) { printer.add(text); });
    printer.finish();
    if (run.output_was_cut) {
        printer.add("… (the rest of the hook's output is not shown)\n");
    }
    if (run.timed_out) {
        return "took longer than 60 s and was ended";
    }
    if (run.was_ended) {
        return "was ended by a signal";
    }
    return run.status.success() ? "" : "ended with " + run.status.describe();
}

} // namespace

std::string hook_input(HookEvent event, const RunRecord& record) {
    Json json{{"event", name_of(event)}};
    json.update(to_json(record));
    if (event == HookEvent::start) {
        for (const char* outcome : {"exit_code", "result", "seconds"}) {
            json.erase(outcome);
        }
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> hook_variables(HookEvent event, const RunRecord& record) {
    std::vector<std::string> variables;
    const auto add = [&variables](std::string_view name, const std::string& value) {
        // Nothing can be after a zero byte; names of databases and files have none.
        if (!value.empty() && value.find('\0') == std::string::npos) {
            variables.push_back(fmt::format("{}{}={}", k_prefix, name, value));
        }
    };
    const auto number = [](const std::optional<std::uint64_t>& value) {
        return value ? std::to_string(*value) : std::string{};
    };
    add("EVENT", name_of(event));
    add("COMMAND", record.command);
    if (record.target) {
        add("HOST", record.target->host);
        add("PORT", record.target->port == 0 ? "" : std::to_string(record.target->port));
        add("DATABASE", record.target->database);
    }
    add("FILE", record.dump);
    add("DUMP_ID", record.dump_id);
    add("REASON", record.reason);
    if (event != HookEvent::start) {
        add("EXIT_CODE", std::to_string(record.exit_code));
        add("RESULT", result_of(record));
        add("MESSAGE", record.message);
        add("SECONDS", fmt::format("{:.3f}", static_cast<double>(record.duration.count()) / 1000));
        add("DUMPS", number(record.dumps));
        add("BYTES", number(record.bytes));
        add("ROWS", number(record.rows));
    }
    return variables;
}

Hooks::Hooks(const HookSettings& settings, std::vector<std::string> environment)
    : settings_(settings), environment_(std::move(environment)) {
    is_in_hook_ = std::erase_if(environment_, [](const std::string& entry) {
                      return entry.starts_with(k_prefix);
                  }) > 0;
}

std::optional<std::string> Hooks::run(HookEvent event, const RunRecord& record,
                                      const std::function<bool()>& must_end) const {
    const std::vector<std::string>& words = words_of(settings_, event);
    if (words.empty() || is_in_hook_) {
        return std::nullopt;
    }
    std::string problem;
    try {
        const auto program = find_hook(words.front(), environment_);
        if (!program) {
            problem = fmt::format("there is no program '{}'", base::printable(words.front()));
        } else {
            const sys::Fd input = make_memory_file(hook_input(event, record));
            sys::Command command{.program = *program,
                                 .arguments = {words.begin() + 1, words.end()},
                                 .environment = environment_,
                                 .stdin_fd = input.get()};
            for (std::string& variable : hook_variables(event, record)) {
                command.environment.push_back(std::move(variable));
            }
            problem = run_hook(command, must_end);
        }
    } catch (const std::exception& error) {
        problem = base::printable(error.what());
    }
    if (problem.empty()) {
        return std::nullopt;
    }
    return fmt::format("the hook on-{}: {}", name_of(event), problem);
}

} // namespace dbbackup::cli
