#include "ops/client/split_lines.hpp"
#include "ops/seal/age_program.hpp"

#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/ops/recipients.hpp>
#include <dbbackup/ops/secret_key.hpp>
#include <dbbackup/sys/fd.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace dbbackup::ops {

namespace {

constexpr std::size_t k_most_bytes = std::size_t{1} << 20;
constexpr std::chrono::seconds k_patience{30};

constexpr const char* k_want = "A recipient is a public key (age1… or ssh-ed25519 …), or a file of "
                               "them. Make keys with: age-keygen -o key.txt";

[[noreturn]] void throw_secret(const std::string& place) {
    throw base::Error{
        base::ErrorKind::usage, fmt::format("{} is a secret key, not a recipient", place),
        "Sealing takes the public key: age-keygen -y FILE prints it, and that of an OpenSSH key is "
        "in FILE.pub. If others could see the secret key, make another."};
}

bool looks_like_key(std::string_view word) {
    return word.starts_with("age1") || word.starts_with("ssh-");
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view k_blank = " \t\r";
    const std::size_t start = line.find_first_not_of(k_blank);
    return start == std::string_view::npos
               ? std::string_view{}
               : line.substr(start, line.find_last_not_of(k_blank) - start + 1);
}

/// Without the comment of an OpenSSH key, which says whose it is.
std::string without_comment(std::string_view key) {
    const std::size_t type = key.find(' ');
    return std::string{
        key.substr(0, type == std::string_view::npos ? type : key.find_first_of(" \t", type + 1))};
}

/// age knows best which keys it takes, also those of its plugins.
void require_usable(const std::string& key, const std::string& place, const AgeProgram& age) {
    sys::ChildProcess trial{age.seal({key})};
    std::byte buffer[4096];
    while (trial.read_output(buffer, sizeof buffer, k_patience).value_or(0) > 0) {
    }
    if (!trial.wait(k_patience).success()) {
        throw base::Error{base::ErrorKind::usage,
                          fmt::format("age does not take {} as a recipient", place), k_want};
    }
}

std::string read_recipient_file(const std::string& word, const std::string& place) {
    const sys::Fd file{::open(word.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) {
        throw base::Error{base::ErrorKind::usage,
                          errno == ENOENT
                              ? fmt::format("{} is neither a public key nor a file", place)
                              : base::system_error("open " + place, errno).what(),
                          k_want};
    }
    try {
        return sys::read_all(file.get(), k_most_bytes, place);
    } catch (const base::Error& error) {
        throw base::Error{base::ErrorKind::usage, error.what(), k_want};
    }
}

class RecipientList {
public:
    explicit RecipientList(const AgeProgram& age) : age_(age) {}

    void add_word(const std::string& raw, std::size_t number) {
        const std::string word{trimmed(raw)};
        if (is_secret_key(word)) {
            throw_secret(fmt::format("recipient {}", number));
        }
        if (looks_like_key(word)) {
            add_key(word, fmt::format("recipient {}", number));
            return;
        }
        add_file(word, fmt::format("recipient {} ('{}')", number, base::printable(word)));
    }

    std::vector<std::string> take() { return std::move(keys_); }

private:
    void add_file(const std::string& word, const std::string& place) {
        const std::string text = read_recipient_file(word, place);
        if (is_secret_key(text)) {
            throw_secret(fmt::format("{} has what", place));
        }
        std::size_t number = 0;
        std::size_t keys = 0;
        for (const std::string_view whole : split_lines(text)) {
            ++number;
            const std::string_view line = trimmed(whole);
            if (!line.empty() && !line.starts_with('#')) {
                add_key(line, fmt::format("line {} of {}", number, place));
                ++keys;
            }
        }
        if (keys == 0) {
            throw base::Error{base::ErrorKind::usage, fmt::format("{} holds no key", place),
                              k_want};
        }
    }

    void add_key(std::string_view text, const std::string& place) {
        std::string key = without_comment(text);
        if (std::ranges::count(keys_, key) == 0) {
            require_usable(key, place, age_);
            keys_.push_back(std::move(key));
        }
    }

    const AgeProgram& age_;
    std::vector<std::string> keys_;
};

} // namespace

std::vector<std::string> parse_recipients(const std::vector<std::string>& words,
                                          const Context& context) {
    if (words.empty()) {
        return {};
    }
    const AgeProgram age{context};
    RecipientList list{age};
    for (std::size_t i = 0; i < words.size(); ++i) {
        list.add_word(words[i], i + 1);
    }
    return list.take();
}

} // namespace dbbackup::ops
