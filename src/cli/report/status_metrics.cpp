#include "cli/report/status_metrics.hpp"

#include <dbbackup/base/text.hpp>

#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace dbbackup::cli {

namespace {

using Value = std::optional<std::string>;

struct DatabaseMetric {
    std::string_view name;
    std::string_view help;
    Value (*value)(const ops::DatabaseStatus&, base::UtcTime now);
};

struct DirectoryMetric {
    std::string_view name;
    std::string_view help;
    std::string (*value)(const ops::StatusReport&);
};

std::string seconds(std::chrono::milliseconds time) {
    return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000);
}

Value moment(const std::optional<base::UtcTime>& time) {
    return time ? Value{seconds(time->time_since_epoch())} : std::nullopt;
}

Value age(const std::optional<base::UtcTime>& time, base::UtcTime now) {
    return time ? Value{seconds(now - *time)} : std::nullopt;
}

std::string truth(bool is_true) {
    return is_true ? "1" : "0";
}

std::optional<base::UtcTime> newest_time(const ops::DatabaseStatus& database) {
    return database.newest ? database.newest->dump.started_at() : std::nullopt;
}

const DatabaseMetric k_database_metrics[] = {
    {"dbbackup_healthy", "1 if nothing about the dumps of this database is unhealthy, otherwise 0.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return Value{truth(database.is_healthy())};
     }},
    {"dbbackup_dumps", "Dumps with a readable manifest, except foreign ones.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return Value{std::to_string(database.dumps)};
     }},
    {"dbbackup_foreign_dumps", "Foreign dumps, which do not count.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return Value{std::to_string(database.foreign)};
     }},
    {"dbbackup_newest_dump_timestamp_seconds", "When the newest good dump was started.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return moment(newest_time(database));
     }},
    {"dbbackup_newest_dump_age_seconds", "Age of the newest good dump when this was written.",
     [](const ops::DatabaseStatus& database, base::UtcTime now) {
         return age(newest_time(database), now);
     }},
    {"dbbackup_newest_dump_size_bytes", "File size of the newest good dump.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return database.newest ? Value{std::to_string(database.newest->dump.size)} : std::nullopt;
     }},
    {"dbbackup_newest_dump_rows", "Rows in the newest good dump.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return database.newest && database.newest->dump.manifest->knows_contents()
                    ? Value{std::to_string(database.newest->dump.manifest->contents.total_rows())}
                    : std::nullopt;
     }},
    {"dbbackup_last_verified_timestamp_seconds", "When a dump was last verified or proven.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return moment(database.last_verified);
     }},
    {"dbbackup_last_verified_age_seconds", "How long ago that was when this was written.",
     [](const ops::DatabaseStatus& database, base::UtcTime now) {
         return age(database.last_verified, now);
     }},
    {"dbbackup_last_proven_timestamp_seconds", "When a dump was last proven by a restore.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return moment(database.last_proven);
     }},
    {"dbbackup_last_proven_age_seconds", "How long ago that was when this was written.",
     [](const ops::DatabaseStatus& database, base::UtcTime now) {
         return age(database.last_proven, now);
     }},
    {"dbbackup_last_opened_timestamp_seconds",
     "When a sealed dump was last opened with an identity.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return moment(database.last_opened);
     }},
    {"dbbackup_last_opened_age_seconds", "How long ago that was when this was written.",
     [](const ops::DatabaseStatus& database, base::UtcTime now) {
         return age(database.last_opened, now);
     }},
    {"dbbackup_held_after_loss",
     "1 if the database may be another one or have lost something, otherwise 0.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return Value{truth(database.loss.has_value())};
     }},
    {"dbbackup_copies", "Copies of the newest good dump, this one included.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return Value{std::to_string(database.copies_of_newest())};
     }},
    {"dbbackup_recipients", "Public keys for which the newest good dump is sealed.",
     [](const ops::DatabaseStatus& database, base::UtcTime) {
         return database.newest && database.newest->dump.manifest->seal
                    ? Value{std::to_string(database.newest->dump.manifest->seal->recipients.size())}
                    : std::nullopt;
     }},
};

const DirectoryMetric k_directory_metrics[] = {
    {"dbbackup_directory_healthy", "1 if nothing in the dump directory is unhealthy, otherwise 0.",
     [](const ops::StatusReport& report) { return truth(report.is_healthy()); }},
    {"dbbackup_directory_free_bytes", "Free space in bytes.",
     [](const ops::StatusReport& report) { return std::to_string(report.free_bytes); }},
    {"dbbackup_directory_leftovers", "Files that killed runs left behind.",
     [](const ops::StatusReport& report) { return std::to_string(report.leftovers); }},
    {"dbbackup_status_timestamp_seconds", "When this was written.",
     [](const ops::StatusReport& report) { return seconds(report.now.time_since_epoch()); }},
};

std::string escape(std::string_view value) {
    std::string escaped;
    for (const char c : base::printable_unambiguously(value)) {
        escaped += c == '\\' ? "\\\\" : c == '"' ? "\\\"" : std::string{c};
    }
    return escaped;
}

std::string label(std::string_view name, std::string_view value) {
    std::string escaped;
    // The only control character in the format is the newline.
    for (std::size_t end = value.find('\n'); end != value.npos; end = value.find('\n')) {
        escaped += escape(value.substr(0, end)) + "\\n";
        value.remove_prefix(end + 1);
    }
    return fmt::format("{}=\"{}\"", name, escaped + escape(value));
}

/// Distinguishes the directories whose metrics one Prometheus collects.
std::string directory_label(const ops::StatusReport& report) {
    const auto path = std::filesystem::absolute(report.directory).lexically_normal();
    return label("directory", (path.has_filename() ? path : path.parent_path()).native());
}

std::string head(std::string_view name, std::string_view help) {
    return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
}

/// Of the newest good copy of each database at each remote.
std::string copy_metrics(const ops::StatusReport& report, const std::string& directory) {
    std::string times;
    std::string ages;
    for (const ops::DatabaseStatus& database : report.databases) {
        for (const ops::CopyStatus& copy : database.copies) {
            if (copy.newest_at) {
                const std::string labels =
                    fmt::format("{{{},{},{},{},{}}}", directory, label("host", database.host),
                                label("port", std::to_string(database.port)),
                                label("database", database.name), label("remote", copy.remote));
                times += fmt::format("dbbackup_newest_copy_timestamp_seconds{} {}\n", labels,
                                     seconds(copy.newest_at->time_since_epoch()));
                ages += fmt::format("dbbackup_newest_copy_age_seconds{} {}\n", labels,
                                    seconds(report.now - *copy.newest_at));
            }
        }
    }
    if (times.empty()) {
        return {};
    }
    return head("dbbackup_newest_copy_timestamp_seconds",
                "When the dump of the newest good copy at a remote was started.") +
           times +
           head("dbbackup_newest_copy_age_seconds", "Age of that dump when this was written.") +
           ages;
}

/// Of each timer of the directory, if systemd could be asked.
std::string timer_metrics(const ops::StatusReport& report, const std::string& directory) {
    std::string active;
    std::string failed;
    std::string last;
    std::string next;
    for (const ops::TimerState& timer : report.timers.value_or(std::vector<ops::TimerState>{})) {
        const std::string labels =
            fmt::format("{{{},{}}}", directory, label("timer", timer.id.timer_unit()));
        const auto line = [&labels](const char* name, const std::string& value) {
            return fmt::format("{}{} {}\n", name, labels, value);
        };
        active += line("dbbackup_timer_active", truth(timer.is_active && timer.is_enabled));
        if (!timer.result.empty()) {
            failed += line("dbbackup_timer_failed", truth(timer.result != "success"));
        }
        if (timer.last_run) {
            last += line("dbbackup_timer_last_run_timestamp_seconds",
                         seconds(timer.last_run->time_since_epoch()));
        }
        if (timer.next_run) {
            next += line("dbbackup_timer_next_run_timestamp_seconds",
                         seconds(timer.next_run->time_since_epoch()));
        }
    }
    const auto metric = [](const char* name, const char* help, const std::string& samples) {
        return samples.empty() ? "" : head(name, help) + samples;
    };
    return metric("dbbackup_timer_active", "1 if the timer is on, now and after the next boot.",
                  active) +
           metric("dbbackup_timer_failed", "1 if the last run of its service failed, otherwise 0.",
                  failed) +
           metric("dbbackup_timer_last_run_timestamp_seconds", "When the timer last ran.", last) +
           metric("dbbackup_timer_next_run_timestamp_seconds", "When it will run next.", next);
}

} // namespace

std::string to_metrics(const ops::StatusReport& report) {
    const std::string directory = directory_label(report);
    std::string text;
    for (const DatabaseMetric& metric : k_database_metrics) {
        std::string samples;
        for (const ops::DatabaseStatus& database : report.databases) {
            if (const Value value = metric.value(database, report.now)) {
                samples += fmt::format("{}{{{},{},{},{}}} {}\n", metric.name, directory,
                                       label("host", database.host),
                                       label("port", std::to_string(database.port)),
                                       label("database", database.name), *value);
            }
        }
        text += samples.empty() ? "" : head(metric.name, metric.help) + samples;
    }
    text += copy_metrics(report, directory);
    text += timer_metrics(report, directory);
    for (const DirectoryMetric& metric : k_directory_metrics) {
        text += head(metric.name, metric.help) +
                fmt::format("{}{{{}}} {}\n", metric.name, directory, metric.value(report));
    }
    return text;
}

} // namespace dbbackup::cli
