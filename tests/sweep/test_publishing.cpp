// The moments at which a dump and its manifest get their names.

#include "support/catch.hpp"
#include "support/scene/dump_scene.hpp"

#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

using namespace dbbackup::test;

namespace {

/// Changes of the names in a directory, as they happen.
class Watch {
public:
    explicit Watch(const std::filesystem::path& directory) : fd_(::inotify_init1(IN_NONBLOCK)) {
        REQUIRE(::inotify_add_watch(fd_, directory.c_str(), IN_CREATE | IN_MOVED_TO | IN_DELETE) >=
                0);
    }
    ~Watch() { ::close(fd_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Waits for events while `run` lives; the names changed since the last call: created ("+"),
    /// renamed to ("=") or removed ("-").
    std::vector<std::string> next(Program& run) const {
        std::vector<std::string> seen = read();
        while (seen.empty() && run.running()) {
            pollfd waiting{fd_, POLLIN, 0};
            ::poll(&waiting, 1, 20);
            seen = read();
        }
        return seen.empty() ? read() : seen;
    }

private:
    [[nodiscard]] std::vector<std::string> read() const {
        alignas(inotify_event) char buffer[16384];
        const ssize_t size = ::read(fd_, buffer, sizeof buffer);
        std::vector<std::string> seen;
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            const char* kind = (event->mask & IN_CREATE) != 0     ? "+"
                               : (event->mask & IN_MOVED_TO) != 0 ? "="
                                                                  : "-";
            seen.push_back(std::string{kind} + event->name);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
        return seen;
    }

    int fd_;
};

/// Runs dbbackup and sends a signal as soon as `count` events have been seen.
ProgramResult hit_after(const DumpScene& scene, std::size_t count, int signal_number) {
    const Watch watch{scene.dumps()};
    Program run{scene.words(), scene.options()};
    std::size_t seen = 0;
    while (seen < count && run.running()) {
        seen += watch.next(run).size();
    }
    run.send(signal_number);
    return run.wait();
}

/// How often to try each moment.
int repetitions() {
    return std::getenv("DBBACKUP_TEST_LONG") == nullptr ? 2 : 30;
}

/// Lock, partial file, the manifest's partial file, name, the manifest's name, lock gone.
constexpr std::size_t k_events = 6;

} // namespace

TEST_CASE("a dump is renamed before its manifest, and both only after they are written") {
    const DumpScene scene;
    const Watch watch{scene.dumps()};
    Program run{scene.words(), scene.options()};
    std::vector<std::string> events;
    for (auto seen = watch.next(run); !seen.empty(); seen = watch.next(run)) {
        events.insert(events.end(), seen.begin(), seen.end());
    }
    const ProgramResult result = run.wait();
    scene.check_dumped(result);
    const std::string name = scene.new_names().at(0);
    const std::string lock = "." + scene.database().name() + ".lock";
    CHECK(events == std::vector<std::string>{"+" + lock, "+." + name + ".partial",
                                             "+." + name + ".json.partial", "=" + name,
                                             "=" + name + ".json", "-" + lock});
}

TEST_CASE("SIGKILL during the renames leaves only whole dumps") {
    const DumpScene scene;
    scene.fill(50);
    int unlisted = 0;
    for (int round = 0; round < repetitions(); ++round) {
        for (std::size_t count = 1; count <= k_events; ++count) {
            CAPTURE(count);
            (void)hit_after(scene, count, SIGKILL);
            scene.check_nothing_runs();
            scene.check_earlier_untouched();
            for (const std::string& name : scene.new_names()) {
                if (name.starts_with('.')) {
                    continue;
                }
                CAPTURE(name);
                if (name.ends_with(".json")) {
                    CHECK(std::filesystem::exists(scene.dumps() / name.substr(0, name.size() - 5)));
                } else {
                    check_whole(scene.dumps() / name);
                    unlisted += std::filesystem::exists(scene.dumps() / (name + ".json")) ? 0 : 1;
                }
            }
            scene.remove_new();
        }
    }
    fmt::print("{} kills left a dump without its manifest\n", unlisted);
    scene.check_dumped(scene.dump());
}

TEST_CASE("SIGTERM during the renames leaves a dump and exit code 0, or neither") {
    const DumpScene scene;
    scene.fill(50);
    for (int round = 0; round < repetitions(); ++round) {
        for (std::size_t count = 1; count <= k_events; ++count) {
            CAPTURE(count);
            const ProgramResult result = hit_after(scene, count, SIGTERM);
            if (result.exit_code == 0) {
                scene.check_dumped(result);
                scene.remove_new();
            } else {
                scene.check_failed(result, 128 + SIGTERM, "ended by signal 15");
            }
        }
    }
}
