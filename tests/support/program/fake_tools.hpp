#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace dbbackup::test {

/// A directory for --bin-dir, with programs that misbehave as requested.
class FakeTools {
public:
    /// In `parent`, which must outlive it. Its pg_dump claims to be of the server's version.
    explicit FakeTools(const std::filesystem::path& parent);

    /// `program` is a shell script that answers --version with `version` and otherwise runs `body`.
    void make(const std::string& program, const std::string& body, const std::string& version);

    void make(const std::string& program, const std::string& body) {
        make(program, body, version_);
    }

    /// `program` runs the real one.
    void use_real(const std::string& program);
    /// The real `program`, quoted for a script.
    [[nodiscard]] static std::string real(const std::string& program);
    /// A file for scripts to read; returns its path.
    [[nodiscard]] std::string file(const std::string& name, std::string_view content) const;

    [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

    [[nodiscard]] std::string directory() const { return directory_; }

private:
    std::filesystem::path directory_;
    std::string version_;
};

/// Shell code that waits for long, and that nobody need wait for if a test fails.
inline constexpr std::string_view k_hang = "exec sleep 100\n";

/// The parts of a dump as pg_dump writes it, to be combined well or badly.
namespace sample {

inline constexpr std::string_view k_head = R"(--
-- PostgreSQL database dump
--

\restrict aB3dE5gH7jK9

-- Dumped from database version 15.20
-- Dumped by pg_dump version 15.20

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.item (
    id integer,
    name text
);


)";
inline constexpr std::string_view k_copy_start = "COPY public.item (id, name) FROM stdin;\n";
inline constexpr std::string_view k_rows = "1\tone\n2\ttwo\n3\tthree\n";
inline constexpr std::string_view k_copy_end = "\\.\n\n\n";
inline constexpr std::string_view k_complete = "--\n-- PostgreSQL database dump complete\n--\n\n";
inline constexpr std::string_view k_unrestrict = "\\unrestrict aB3dE5gH7jK9\n\n";

/// Everything before the completion line.
[[nodiscard]] std::string body();
/// A good dump of three rows.
[[nodiscard]] std::string whole();

} // namespace sample

} // namespace dbbackup::test
