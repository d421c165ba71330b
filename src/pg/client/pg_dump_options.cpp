#include <dbbackup/base/error.hpp>
#include <dbbackup/base/text.hpp>
#include <dbbackup/pg/pg_dump_options.hpp>

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>

namespace dbbackup::pg {

namespace {

enum class Value { none, needed };

constexpr int k_oldest = 0;
constexpr int k_newest = std::numeric_limits<int>::max();

struct Option {
    std::string_view name; ///< without its dashes
    char letter = 0;       ///< or 0
    Value value = Value::none;
    int since = k_oldest; ///< major version
    int until = k_newest;
};

// long_options[] of pg_dump.c, 13 to 18. Of two names for the same, the first is written.
constexpr auto k_options = std::to_array<Option>({
    {"attribute-inserts"},
    {"binary-upgrade"},
    {"blobs", 'b', Value::none, k_oldest, 15},
    {"blobs", 0, Value::none, 16},
    {"clean", 'c'},
    {"column-inserts"},
    {"compress", 'Z', Value::needed},
    {"create", 'C'},
    {"data-only", 'a'},
    {"dbname", 'd', Value::needed},
    {"disable-dollar-quoting"},
    {"disable-triggers"},
    {"enable-row-security"},
    {"encoding", 'E', Value::needed},
    {"exclude-extension", 0, Value::needed, 17},
    {"exclude-schema", 'N', Value::needed},
    {"exclude-table", 'T', Value::needed},
    {"exclude-table-and-children", 0, Value::needed, 16},
    {"exclude-table-data", 0, Value::needed},
    {"exclude-table-data-and-children", 0, Value::needed, 16},
    {"extension", 'e', Value::needed, 14},
    {"extra-float-digits", 0, Value::needed},
    {"file", 'f', Value::needed},
    {"filter", 0, Value::needed, 17},
    {"format", 'F', Value::needed},
    {"help", '?'},
    {"host", 'h', Value::needed},
    {"if-exists"},
    {"include-foreign-data", 0, Value::needed},
    {"inserts"},
    {"jobs", 'j', Value::needed},
    {"large-objects", 'b', Value::none, 16},
    {"load-via-partition-root"},
    {"lock-wait-timeout", 0, Value::needed},
    {"no-acl"},
    {"no-blobs", 'B', Value::none, k_oldest, 15},
    {"no-blobs", 0, Value::none, 16},
    {"no-comments"},
    {"no-data", 0, Value::none, 18},
    {"no-large-objects", 'B', Value::none, 16},
    {"no-owner", 'O'},
    {"no-password", 'w'},
    {"no-policies", 0, Value::none, 18},
    {"no-privileges", 'x'},
    {"no-publications"},
    {"no-reconnect", 'R'},
    {"no-schema", 0, Value::none, 18},
    {"no-security-labels"},
    {"no-statistics", 0, Value::none, 18},
    {"no-subscriptions"},
    {"no-sync"},
    {"no-synchronized-snapshots", 0, Value::none, k_oldest, 14},
    {"no-table-access-method", 0, Value::none, 15},
    {"no-tablespaces"},
    {"no-toast-compression", 0, Value::none, 14},
    {"no-unlogged-table-data"},
    {"on-conflict-do-nothing"},
    {"password", 'W'},
    {"port", 'p', Value::needed},
    {"quote-all-identifiers"},
    {"restrict-key", 0, Value::needed}, // since 13.22, 14.19, 15.14, 16.10 and 17.6
    {"role", 0, Value::needed},
    {"rows-per-insert", 0, Value::needed},
    {"schema", 'n', Value::needed},
    {"schema-only", 's'},
    {"section", 0, Value::needed},
    {"sequence-data", 0, Value::none, 18},
    {"serializable-deferrable"},
    {"snapshot", 0, Value::needed},
    {"statistics", 0, Value::none, 18},
    {"statistics-only", 0, Value::none, 18},
    {"strict-names"},
    {"superuser", 'S', Value::needed},
    {"sync-method", 0, Value::needed, 17},
    {"table", 't', Value::needed},
    {"table-and-children", 0, Value::needed, 16},
    {"use-set-session-authorization"},
    {"username", 'U', Value::needed},
    {"verbose", 'v'},
    {"version", 'V'},
});

std::string as_typed(const Option& option) {
    return fmt::format("--{}", option.name);
}

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
    throw base::Error{base::ErrorKind::usage, what, hint};
}

/// As getopt_long() reads them: an exact name, or else the only one that begins so.
class Speller {
public:
    Speller(const std::vector<std::string>& words, int major) : words_(words), major_(major) {}

    std::vector<std::string> spell() {
        while (at_ < words_.size()) {
            const std::string_view word = words_[at_++];
            if (word.starts_with("--") && word.size() > 2) {
                take_long(word);
            } else if (word.starts_with('-') && word.size() > 1 && word != "--") {
                take_letters(word);
            } else {
                take_value_of_unknown(word);
            }
        }
        return std::move(spelt_);
    }

private:
    [[nodiscard]] bool is_of_version(const Option& option) const {
        return option.since <= major_ && major_ <= option.until;
    }

    [[nodiscard]] const Option* find(std::string_view name) const {
        std::vector<const Option*> candidates;
        for (const Option& option : k_options) {
            if (is_of_version(option) && option.name == name) {
                return &option;
            }
            if (is_of_version(option) && option.name.starts_with(name)) {
                candidates.push_back(&option);
            }
        }
        if (candidates.size() > 1) {
            std::vector<std::string> names;
            for (const Option* candidate : candidates) {
                names.push_back(as_typed(*candidate));
            }
            refuse(fmt::format("'--{}' is ambiguous: pg_dump {} has {}", base::printable(name),
                               major_, fmt::join(names, ", ")),
                   "Write the option in full.");
        }
        return candidates.empty() ? nullptr : candidates.front();
    }

    [[nodiscard]] const Option* find(char letter) const {
        const auto found = std::ranges::find_if(k_options, [&](const Option& option) {
            return is_of_version(option) && option.letter == letter;
        });
        return found == k_options.end() ? nullptr : &*found;
    }

    void take_long(std::string_view word) {
        const std::size_t equals = word.find('=');
        const Option* option = find(word.substr(2, equals == word.npos ? equals : equals - 2));
        if (option == nullptr) {
            keep(word);
            return;
        }
        std::optional<std::string_view> value;
        if (equals != word.npos) {
            value = word.substr(equals + 1);
        }
        if (value && option->value == Value::none) {
            refuse(fmt::format("pg_dump's {} takes no value", as_typed(*option)),
                   fmt::format("Write {} alone.", as_typed(*option)));
        }
        add(*option, value);
    }

    void take_letters(std::string_view word) {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const Option* option = find(word[i]);
            if (option == nullptr) {
                keep("-" + std::string{word.substr(i)});
                return;
            }
            const std::string_view rest = word.substr(i + 1);
            if (option->value == Value::needed) {
                add(*option, rest.empty() ? std::nullopt : std::optional{rest});
                return;
            }
            add(*option, std::nullopt);
        }
    }

    /// Takes the next word as the value if one is needed and not attached.
    void add(const Option& option, std::optional<std::string_view> value) {
        after_unknown_ = false;
        if (option.value == Value::none) {
            spelt_.push_back(option.name == "no-acl" ? "--no-privileges" : as_typed(option));
            return;
        }
        if (!value && at_ == words_.size()) {
            refuse(fmt::format("pg_dump's {} needs a value", as_typed(option)),
                   fmt::format("Write {}=VALUE.", as_typed(option)));
        }
        spelt_.push_back(fmt::format("{}={}", as_typed(option), value ? *value : words_[at_++]));
    }

    void keep(std::string_view unknown) {
        spelt_.emplace_back(unknown);
        after_unknown_ = unknown.find('=') == unknown.npos;
    }

    /// pg_dump would take it for the name of another database.
    void take_value_of_unknown(std::string_view word) {
        if (!after_unknown_) {
            refuse(fmt::format("'{}' cannot be passed to pg_dump: it is no option",
                               base::printable(word)),
                   "Only the URL says which database is dumped. Options of pg_dump begin with -.");
        }
        keep(word);
        after_unknown_ = false;
    }

    const std::vector<std::string>& words_;
    int major_;
    std::size_t at_ = 0;
    bool after_unknown_ = false;
    std::vector<std::string> spelt_;
};

} // namespace

bool is_option_name(std::string_view name) {
    return name.starts_with("--") && std::ranges::any_of(k_options, [&](const Option& option) {
               return option.name == name.substr(2);
           });
}

std::vector<std::string> find_options(std::string_view name) {
    if (is_option_name(name)) {
        return {std::string{name}};
    }
    std::vector<std::string> names;
    if (name.starts_with("--") && name.size() > 2) {
        for (const Option& option : k_options) {
            if (option.name.starts_with(name.substr(2)) &&
                (names.empty() || names.back() != as_typed(option))) { // one may be there twice
                names.push_back(as_typed(option));
            }
        }
    }
    return names;
}

std::vector<std::string> spell_out_options(const std::vector<std::string>& words, int major) {
    return Speller{words, major}.spell();
}

} // namespace dbbackup::pg
