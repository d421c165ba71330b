#include <dbbackup/base/text.hpp>
#include <dbbackup/store/dump_part.hpp>
#include <dbbackup/store/dump_series.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string_view>
#include <vector>

namespace dbbackup::store {

namespace {

enum class Takes { nothing, name };

/// An option of pg_dump that leaves something out, and how to say so.
struct PartOption {
    std::string_view name;   ///< "--table"
    std::string_view letter; ///< "-t", or empty
    Takes takes = Takes::nothing;
    std::string_view one;  ///< the text before one name, or the whole text
    std::string_view many; ///< the text before several
};

constexpr std::string_view k_no_rows = "only the schema (no rows)";
constexpr std::string_view k_only_rows = "only rows";
constexpr std::string_view k_no_large_objects = "without large objects";

/// In the order in which they are shown.
constexpr auto k_part_options = std::to_array<PartOption>({
    {"--table", "-t", Takes::name, "only table", "only tables"},
    {"--table-and-children", "", Takes::name, "only with its children, table",
     "only with their children, tables"},
    {"--schema", "-n", Takes::name, "only schema", "only schemas"},
    {"--extension", "-e", Takes::name, "only extension", "only extensions"},
    {"--exclude-table", "-T", Takes::name, "without table", "without tables"},
    {"--exclude-table-and-children", "", Takes::name, "without, and without its children, table",
     "without, and without their children, tables"},
    {"--exclude-schema", "-N", Takes::name, "without schema", "without schemas"},
    {"--exclude-extension", "", Takes::name, "without extension", "without extensions"},
    {"--exclude-table-data", "", Takes::name, "without rows of", "without rows of"},
    {"--exclude-table-data-and-children", "", Takes::name, "without rows, and its children's, of",
     "without rows, and their children's, of"},
    {"--section", "", Takes::name, "only section", "only sections"},
    {"--schema-only", "-s", Takes::nothing, k_no_rows, ""},
    {"--no-data", "", Takes::nothing, k_no_rows, ""},
    {"--data-only", "-a", Takes::nothing, k_only_rows, ""},
    {"--no-schema", "", Takes::nothing, k_only_rows, ""},
    {"--no-blobs", "-B", Takes::nothing, k_no_large_objects, ""},
    {"--no-large-objects", "", Takes::nothing, k_no_large_objects, ""},
    {"--enable-row-security", "", Takes::nothing, "only rows that row security lets through", ""},
    {"--no-unlogged-table-data", "", Takes::nothing, "without rows of unlogged tables", ""},
    {"--no-policies", "", Takes::nothing, "without row security policies", ""},
    {"--no-publications", "", Takes::nothing, "without publications", ""},
    {"--no-subscriptions", "", Takes::nothing, "without subscriptions", ""},
});

/// A pattern as pg_dump reads it: outside double quotes, upper case becomes lower case.
std::string as_read(std::string_view pattern) {
    std::string read;
    bool is_quoted = false;
    for (const char c : pattern) {
        is_quoted = is_quoted != (c == '"');
        read += !is_quoted && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return read;
}

/// The names given to the options of one kind.
struct Told {
    bool is_given = false;
    std::vector<std::string> names;
};

class PartReader {
public:
    void read(const std::vector<std::string>& options) {
        for (std::size_t i = 0; i < options.size(); ++i) {
            const std::string& word = options[i];
            const std::size_t kind = kind_of(word);
            if (kind == k_part_options.size()) {
                note_unknown(word);
                continue;
            }
            told_[kind].is_given = true;
            if (k_part_options[kind].takes == Takes::nothing) {
                continue;
            }
            if (const auto value = attached_value(word, k_part_options[kind])) {
                told_[kind].names.push_back(as_read(*value));
            } else if (i + 1 < options.size()) {
                told_[kind].names.push_back(as_read(options[++i]));
            }
        }
    }

    [[nodiscard]] std::string to_string() const {
        std::vector<std::string> parts;
        for (std::size_t kind = 0; kind < told_.size(); ++kind) {
            const std::string text = text_of(k_part_options[kind], told_[kind]);
            if (told_[kind].is_given && std::ranges::count(parts, text) == 0) {
                parts.push_back(text);
            }
        }
        if (!unknown_.empty()) {
            parts.push_back(fmt::format("a part ({})", fmt::join(unknown_, " ")));
        }
        if (parts.empty()) {
            return "a part"; // its options are sealed
        }
        return base::printable(fmt::format("{}", fmt::join(parts, "; ")));
    }

private:
    /// k_part_options.size() if it is none of them; abbreviations and bundles are not resolved.
    static std::size_t kind_of(std::string_view word) {
        const auto is_meant = [word](const PartOption& option) {
            if (word.starts_with("--")) {
                return word.substr(0, word.find('=')) == option.name;
            }
            const bool begins_so = !option.letter.empty() && word.starts_with(option.letter);
            return begins_so && (option.takes == Takes::name || word == option.letter);
        };
        return static_cast<std::size_t>(std::ranges::find_if(k_part_options, is_meant) -
                                        k_part_options.begin());
    }

    static std::optional<std::string_view> attached_value(std::string_view word,
                                                          const PartOption& option) {
        if (!word.starts_with("--")) {
            word.remove_prefix(option.letter.size());
            return word.empty() ? std::nullopt : std::optional{word};
        }
        const std::size_t equals = word.find('=');
        return equals == std::string_view::npos ? std::nullopt
                                                : std::optional{word.substr(equals + 1)};
    }

    void note_unknown(const std::string& word) {
        if (!leaves_nothing_out(word)) {
            unknown_.push_back(word);
        }
    }

    static std::string text_of(const PartOption& option, const Told& told) {
        if (option.takes == Takes::nothing) {
            return std::string{option.one};
        }
        return fmt::format("{} {}", told.names.size() > 1 ? option.many : option.one,
                           fmt::join(told.names, ", "));
    }

    std::array<Told, k_part_options.size()> told_;
    std::vector<std::string> unknown_;
};

} // namespace

std::string describe_part(const Manifest::Dump& dump) {
    if (scope_of(dump) == Scope::whole) {
        return "";
    }
    PartReader reader;
    reader.read(dump.options);
    return reader.to_string();
}

} // namespace dbbackup::store
