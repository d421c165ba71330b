#include "cli/terminal/screen.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace dbbackup::cli {

namespace {

constexpr std::size_t k_usual_width = 80;

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

} // namespace

std::string Screen::paint(std::string_view text, Tone tone) const {
    if (!colour || tone == Tone::plain || text.empty()) {
        return std::string{text};
    }
    return fmt::format("\x1b[{}m{}\x1b[0m", tone == Tone::bad ? "1;31" : "33", text);
}

Screen screen_of(int fd) {
    if (::isatty(fd) == 0) {
        return {};
    }
    winsize size{};
    const bool knows_width = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const std::string_view terminal = variable("TERM");
    const bool escapes = !terminal.empty() && terminal != "dumb";
    return {.width = knows_width ? size.ws_col : k_usual_width,
            .escapes = escapes,
            .colour = escapes && variable("NO_COLOR").empty()};
}

} // namespace dbbackup::cli
