#include "pg/gate/token_patterns.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

// Thompson's construction of a nondeterministic automaton; statement_shape.cpp runs it.

namespace dbbackup::pg {

namespace {

using PatternWords = std::span<const std::string_view>;

constexpr std::string_view k_repeat = "...";
constexpr auto k_symbols =
    std::to_array<std::string_view>({"(", ")", ",", ".", "=", "::", "-", "*", "[", "]"});

/// Brackets are separate words, even without spaces.
std::vector<std::string_view> split(std::string_view pattern) {
    constexpr std::string_view k_brackets = "[]{}|";
    std::vector<std::string_view> words;
    while (!pattern.empty()) {
        std::size_t length = 1;
        if (pattern.front() == '"' || pattern.front() == '\'') {
            length = pattern.find(pattern.front(), 1) + 1;
        } else if (k_brackets.find(pattern.front()) == std::string_view::npos) {
            length = std::min(pattern.find_first_of(" []{}|"), pattern.size());
        }
        if (length > 0) {
            words.push_back(pattern.substr(0, length));
        }
        pattern.remove_prefix(length);
        pattern.remove_prefix(std::min(pattern.find_first_not_of(' '), pattern.size()));
    }
    return words;
}

bool is_lower_word(std::string_view word) {
    return std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool is_upper_word(std::string_view word) {
    return std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

std::string_view without_quotes(std::string_view word) {
    return word.substr(1, word.size() - 2);
}

} // namespace

/// Goes through a pattern from its end to its beginning, so that each node knows what follows.
class TokenPatterns::Compiler {
public:
    Compiler(std::vector<Node>& nodes, std::span<const Abbreviation> abbreviations)
        : nodes_(nodes), abbreviations_(abbreviations) {}

    Place compile(PatternWords words, Place next) {
        std::vector<PatternWords> elements;
        while (!words.empty()) {
            const std::size_t length = element_length(words);
            elements.push_back(words.first(length));
            words = words.subspan(length);
        }
        for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
            next = compile_element(*element, next);
        }
        return next;
    }

    Place add(Node node) {
        if (nodes_.size() >= std::numeric_limits<Place>::max()) {
            throw std::invalid_argument{"too many patterns"};
        }
        nodes_.push_back(std::move(node));
        return static_cast<Place>(nodes_.size() - 1);
    }

private:
    /// A word, or all from a bracket to the matching one.
    static std::size_t element_length(PatternWords words) {
        unsigned depth = 0;
        for (std::size_t at = 0; at < words.size(); ++at) {
            depth += words[at] == "[" || words[at] == "{" ? 1 : 0;
            depth -= words[at] == "]" || words[at] == "}" ? 1 : 0;
            if (depth == 0) {
                const bool repeats = at + 1 < words.size() && words[at + 1] == k_repeat;
                return at + (repeats ? 2 : 1);
            }
        }
        throw std::invalid_argument{"a bracket of a pattern has no partner"};
    }

    Place compile_element(PatternWords words, Place next) {
        if (words.size() == 1) {
            return compile_word(words.front(), next);
        }
        if (words.back() == k_repeat) {
            const Place fork = add({.kind = Kind::fork, .other = next});
            nodes_[fork].next = compile_choice(words.subspan(1, words.size() - 3), fork);
            return fork;
        }
        if (words.front() == "[") {
            const Place part = compile_choice(words.subspan(1, words.size() - 2), next);
            return add({.kind = Kind::fork, .next = part, .other = next});
        }
        return compile_choice(words.subspan(1, words.size() - 2), next);
    }

    Place compile_choice(PatternWords words, Place next) {
        std::size_t bar = 0;
        while (bar < words.size() && words[bar] != "|") {
            bar += element_length(words.subspan(bar));
        }
        const Place first = compile(words.first(bar), next);
        if (bar == words.size()) {
            return first;
        }
        const Place others = compile_choice(words.subspan(bar + 1), next);
        return add({.kind = Kind::fork, .next = first, .other = others});
    }

    Place compile_word(std::string_view word, Place next) {
        const auto known = std::ranges::find(abbreviations_, word, &Abbreviation::name);
        if (known != abbreviations_.end()) {
            return compile(split(known->pattern), next);
        }
        if (is_lower_word(word)) {
            return add({.kind = Kind::keyword, .next = next, .text = std::string{word}});
        }
        if (is_upper_word(word)) {
            return compile_class(word, next);
        }
        if (word.front() == '\'') {
            return add({.kind = Kind::exact_string,
                        .next = next,
                        .text = std::string{without_quotes(word)}});
        }
        const std::string_view symbol = word.front() == '"' ? without_quotes(word) : word;
        if (std::ranges::find(k_symbols, symbol) == k_symbols.end()) {
            throw std::invalid_argument{"a pattern has the unknown symbol " + std::string{symbol}};
        }
        return add({.kind = Kind::symbol, .next = next, .text = std::string{symbol}});
    }

    Place compile_class(std::string_view name, Place next) {
        if (name == "GROUP") {
            const Place close = add({.kind = Kind::symbol, .next = next, .text = ")"});
            return add({.kind = Kind::symbol, .next = loop(Kind::inside, close), .text = "("});
        }
        if (name == "EXPRESSION") {
            return loop(Kind::no_comma, next);
        }
        if (name == "REST") {
            return loop(Kind::any, next);
        }
        static const std::map<std::string_view, Kind> k_classes = {
            {"WORD", Kind::word},
            {"SCHEMA", Kind::schema},
            {"OWN", Kind::own},
            {"STRING", Kind::string},
            {"NUMBER", Kind::number},
            {"SIGN", Kind::sign},
            {"OWN_STRING", Kind::own_string}};
        const auto kind = k_classes.find(name);
        if (kind == k_classes.end()) {
            throw std::invalid_argument{"a pattern has the unknown word " + std::string{name}};
        }
        return add({.kind = kind->second, .next = next});
    }

    Place loop(Kind kind, Place next) {
        const Place fork = add({.kind = Kind::fork, .other = next});
        nodes_[fork].next = add({.kind = kind, .next = fork});
        return fork;
    }

    std::vector<Node>& nodes_;
    std::span<const Abbreviation> abbreviations_;
};

TokenPatterns::TokenPatterns(std::span<const std::string_view> patterns,
                             std::span<const Abbreviation> abbreviations) {
    Compiler compiler{nodes_, abbreviations};
    for (const std::string_view pattern : patterns) {
        const Place end = compiler.add({.kind = Kind::end});
        const Node& first = nodes_[compiler.compile(split(pattern), end)];
        if (first.kind != Kind::keyword) {
            throw std::invalid_argument{"a pattern does not begin with a keyword"};
        }
        add_reachable(first.next, starts_[first.text]);
    }
    behind_.resize(nodes_.size());
    for (std::size_t place = 0; place < nodes_.size(); ++place) {
        if (nodes_[place].kind != Kind::fork && nodes_[place].kind != Kind::end) {
            add_reachable(nodes_[place].next, behind_[place]);
        }
    }
}

void TokenPatterns::add_reachable(Place place, std::vector<Place>& reachable) const {
    const Node& node = nodes_[place];
    if (node.kind == Kind::fork) {
        add_reachable(node.next, reachable);
        add_reachable(node.other, reachable);
    } else if (std::ranges::find(reachable, place) == reachable.end()) {
        reachable.push_back(place);
    }
}

} // namespace dbbackup::pg
