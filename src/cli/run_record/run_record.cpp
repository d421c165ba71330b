#include "cli/run_record/run_record.hpp"

#include "cli/command_line/secret_words.hpp"
#include "cli/run_log.hpp"

#include <dbbackup/base/text.hpp>
#include <dbbackup/sys/user.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

/// A message may list many objects; a line of the journal stays readable.
constexpr std::size_t k_longest_message = 2000;

std::string cut(std::string text, std::size_t most) {
    if (text.size() <= most) {
        return text;
    }
    // Not within a character.
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) {
        --most;
    }
    return text.substr(0, most) + "…";
}

std::string machine_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? base::printable(name.data()) : "";
}

/// Only root's sudo is believed: anyone else can set the variable.
std::string find_sudo_user() {
    const char* name = sys::is_root() ? std::getenv("SUDO_USER") : nullptr;
    return name == nullptr ? "" : base::printable(name);
}

void add(Json& json, const char* key, const std::string& value) {
    if (!value.empty()) {
        json[key] = text(value);
    }
}

template <typename Number>
void add(Json& json, const char* key, const std::optional<Number>& value) {
    if (value) {
        json[key] = *value;
    }
}

void read(const nlohmann::json& json, const char* key, std::string& value) {
    if (const auto field = json.find(key); field != json.end()) {
        value = field->get<std::string>();
    }
}

template <typename Number>
void read(const nlohmann::json& json, const char* key, Number& value) {
    if (const auto field = json.find(key); field != json.end()) {
        value = field->get<Number>();
    }
}

void read(const nlohmann::json& json, const char* key, std::optional<std::uint64_t>& value) {
    if (const auto field = json.find(key); field != json.end()) {
        value = field->get<std::uint64_t>();
    }
}

RunRecord read_record(const nlohmann::json& json) {
    RunRecord record;
    record.started_at = base::parse_utc(json.at("time").get<std::string>()).value();
    record.command = json.at("command").get<std::string>();
    record.exit_code = json.at("exit_code").get<int>();
    record.duration =
        std::chrono::milliseconds{std::llround(json.at("seconds").get<double>() * 1000)};
    read(json, "machine", record.machine);
    read(json, "user", record.user);
    read(json, "sudo_user", record.sudo_user);
    read(json, "pid", record.pid);
    read(json, "version", record.version);
    if (const auto target = json.find("target"); target != json.end()) {
        record.target.emplace();
        read(*target, "host", record.target->host);
        read(*target, "port", record.target->port);
        read(*target, "database", record.target->database);
    }
    read(json, "dump", record.dump);
    read(json, "dump_id", record.dump_id);
    read(json, "dumps", record.dumps);
    read(json, "bytes", record.bytes);
    read(json, "rows", record.rows);
    read(json, "kind", record.kind);
    read(json, "signal", record.signal);
    read(json, "message", record.message);
    read(json, "reason", record.reason);
    return record;
}

} // namespace

const std::vector<std::string>& recorded_commands() {
    static const std::vector<std::string> k_commands{"dump",   "restore", "verify", "import",
                                                     "export", "push",    "pull",   "prune",
                                                     "pin",    "unpin",   "guard"};
    return k_commands;
}

bool is_recorded(std::string_view command) {
    return std::ranges::find(recorded_commands(), command) != recorded_commands().end();
}

RunRecord begin_record(const std::string& command) {
    RunRecord record;
    record.command = command;
    record.started_at = base::system_clock().now();
    record.machine = machine_name();
    record.user = sys::user_name_of(::geteuid());
    record.sudo_user = find_sudo_user();
    record.pid = ::getpid();
    record.version = DBBACKUP_VERSION;
    return record;
}

void note_failure(RunRecord& record, const base::Error& error) {
    record.kind = kind_name(error.kind());
    record.message = cut(loggable(without_passwords(error, {}).what()), k_longest_message);
}

void note_interruption(RunRecord& record, int signal_number, const std::string& ended) {
    record.kind = "interrupted";
    record.signal = signal_number;
    record.message = fmt::format("ended by signal {}", signal_number);
    if (!ended.empty()) {
        record.message += "; " + loggable(ended);
    }
}

std::string result_of(const RunRecord& record) {
    if (record.is_success()) {
        return "ok";
    }
    return record.kind.empty() ? "failed" : record.kind;
}

std::string target_text(const RunRecord& record) {
    if (!record.target) {
        return {};
    }
    const RunTarget& target = *record.target;
    std::string text = target.database;
    if (!target.host.empty()) {
        text += " on " + target.host;
        if (target.port != 0) {
            text += fmt::format(":{}", target.port);
        }
    }
    return base::printable(text);
}

Json to_json(const RunRecord& record) {
    Json json{{"time", base::format_utc(record.started_at)}, {"command", record.command}};
    add(json, "machine", record.machine);
    add(json, "user", record.user);
    add(json, "sudo_user", record.sudo_user);
    json["pid"] = record.pid;
    add(json, "version", record.version);
    if (record.target) {
        Json target = Json::object();
        add(target, "host", record.target->host);
        if (record.target->port != 0) {
            target["port"] = record.target->port;
        }
        add(target, "database", record.target->database);
        json["target"] = std::move(target);
    }
    add(json, "dump", record.dump);
    add(json, "dump_id", record.dump_id);
    add(json, "dumps", record.dumps);
    add(json, "bytes", record.bytes);
    add(json, "rows", record.rows);
    json["exit_code"] = record.exit_code;
    json["result"] = result_of(record);
    add(json, "kind", record.kind);
    if (record.signal != 0) {
        json["signal"] = record.signal;
    }
    json["seconds"] = static_cast<double>(record.duration.count()) / 1000;
    add(json, "message", record.message);
    add(json, "reason", record.reason);
    return json;
}

std::optional<RunRecord> find_record(const nlohmann::json& json) {
    try {
        return read_record(json);
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    } catch (const std::bad_optional_access&) {
        return std::nullopt; // not a time
    }
}

} // namespace dbbackup::cli
