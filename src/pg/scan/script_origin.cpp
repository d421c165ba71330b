#include <dbbackup/pg/script_origin.hpp>

#include <algorithm>
#include <array>

namespace dbbackup::pg {

namespace {

constexpr std::size_t k_beginning = 512;

/// What pg_dump writes and people do not: its header, the comment before each entry, and the
/// settings of its preamble, of all versions since 9.0.
constexpr auto k_marks = std::to_array<std::string_view>({
    "-- PostgreSQL database dump",
    "-- Dumped from database version ",
    "-- Dumped by pg_dump version ",
    "-- TOC entry ",
    "; Schema: ",
    "\\restrict ",
    "\\unrestrict ",
    "SET statement_timeout = 0;",
    "SET lock_timeout = 0;",
    "SET idle_in_transaction_session_timeout = 0;",
    "SET check_function_bodies = false;",
    "SET escape_string_warning = off;",
    "SET xmloption = content;",
    "SET row_security = off;",
    "SET default_table_access_method = ",
    "SET default_with_oids = ",
    "SELECT pg_catalog.set_config('search_path', '', false);",
});

constexpr std::size_t k_longest_mark =
    std::ranges::max(k_marks, {}, [](std::string_view mark) { return mark.size(); }).size();

bool holds(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

bool holds_mark(std::string_view text) {
    return std::ranges::any_of(k_marks,
                               [text](std::string_view mark) { return holds(text, mark); });
}

} // namespace

bool ScriptOriginFinder::look(std::string_view piece) {
    if (beginning_.size() < k_beginning) {
        beginning_ += piece.substr(0, k_beginning - beginning_.size());
    }
    const std::string seam = tail_ + std::string{piece.substr(0, k_longest_mark)};
    has_mark_ = has_mark_ || holds_mark(seam) || holds_mark(piece);
    tail_ += piece.size() > k_longest_mark ? piece.substr(piece.size() - k_longest_mark) : piece;
    tail_.erase(0, tail_.size() - std::min(tail_.size(), k_longest_mark));
    return !has_mark_;
}

ScriptOrigin ScriptOriginFinder::origin() const {
    // The dump of a whole server holds those of its databases, so this comes before their marks.
    if (beginning_.starts_with("--\n-- PostgreSQL database cluster dump") ||
        beginning_.starts_with("--\r\n-- PostgreSQL database cluster dump")) {
        return ScriptOrigin::pg_dumpall;
    }
    if (has_mark_) {
        return ScriptOrigin::pg_dump;
    }
    if (beginning_.empty()) {
        return ScriptOrigin::nothing;
    }
    if (beginning_.find('\0') != std::string::npos) {
        return ScriptOrigin::binary;
    }
    if (holds(beginning_, "-- MySQL dump ") || holds(beginning_, "-- MariaDB dump ")) {
        return ScriptOrigin::mysql;
    }
    return beginning_.starts_with(";\n; Archive created at ") ? ScriptOrigin::archive_list
                                                              : ScriptOrigin::unknown;
}

} // namespace dbbackup::pg
