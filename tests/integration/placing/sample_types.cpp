#include "integration/placing/placing_case.hpp"

#include <algorithm>

namespace dbbackup::test {

namespace {

constexpr const char* k_new_year = "2024-01-01 00:00:00+00";

} // namespace

const std::vector<SampleType>& sample_types() {
    static const std::vector<SampleType> types{
        // The first is that of numbered columns, the second that of updated_at.
        {"integer",
         "integer",
         {{"1", "1"},
          {"2", "2"},
          {"3", "3"},
          {"4", "4"},
          {"5", "5"},
          {"x", std::nullopt},
          {"99999999999", std::nullopt}}},
        {"timestamp with time zone",
         "timestamp with time zone",
         {{k_new_year, k_new_year},
          {"2024-01-01 01:00:00+01", k_new_year},
          {"2024-06-01 00:00:00+00", "2024-06-01 00:00:00+00"},
          {"2025-01-01 00:00:00+00", "2025-01-01 00:00:00+00"}}},
        {"text",
         "text",
         {{"a", "a"}, {"b", "b"}, {"c", "c"}, {"", ""}, {"\\N", "\\N"}, {"NULL", "NULL"}}},
        {"character varying(2)",
         "character varying",
         {{"a", "a"}, {"ab", "ab"}, {"b", "b"}, {"abc", std::nullopt}}},
        {"numeric(4,1)",
         "numeric",
         {{"1.0", "1.0"}, {"1.5", "1.5"}, {"2.0", "2.0"}, {"1.25", std::nullopt}, {"99999", {}}}},
        {"numeric",
         "numeric(10,2)",
         {{"1", "1"}, {"1.0", "1.0"}, {"1.00", "1.00"}, {"2", "2"}, {"3", "3"}},
         {{"1.0", "1"}, {"1.00", "1"}}},
        {"uuid",
         "uuid",
         {{"00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000a"},
          {"00000000-0000-0000-0000-00000000000A", "00000000-0000-0000-0000-00000000000a"},
          {"00000000-0000-0000-0000-00000000000b", "00000000-0000-0000-0000-00000000000b"},
          {"00000000-0000-0000-0000-00000000000c", "00000000-0000-0000-0000-00000000000c"},
          {"0", std::nullopt}}},
        {"integer[]",
         "integer[]",
         {{"{1}", "{1}"}, {"{1,2}", "{1,2}"}, {"{ 1,2 }", "{1,2}"}, {"{}", "{}"}, {"{", {}}}},
        {"{}.mood", "{}.mood", {{"x", "x"}, {"y", "y"}, {"z", "z"}, {"gone", std::nullopt}}},
        {"boolean", "boolean", {{"t", "true"}, {"f", "false"}}},
        {"integer", "text", {{"1", "1"}, {"2", "2"}, {"3", "3"}, {"01", std::nullopt}, {"", {}}}},
        {"text", "integer", {{"1", "1"}, {"2", "2"}, {"3", "3"}}},
        {"double precision",
         "double precision",
         {{"0", "0"}, {"-0", "-0"}, {"NaN", "NaN"}, {"Infinity", "Infinity"}},
         {{"-0", "0"}}},
        {"timestamp with time zone",
         "timestamp without time zone",
         {{"2024-01-01 01:00:00", k_new_year}, {"2024-01-01 02:00:00", "2024-01-01 01:00:00+00"}}},
        {"jsonb",
         "jsonb",
         {{"{\"a\": 1}", "{\"a\": 1}"}, {"{\"a\":1}", "{\"a\": 1}"}, {"[]", "[]"}, {"{", {}}}},
        {"{}.letter", "text", {{"a", "a"}, {"b", "b"}, {"d", "d"}, {"c", std::nullopt}}},
        {"character(3)",
         "character(3)",
         {{"a  ", "a"}, {"ab ", "ab"}, {"b", "b"}, {"abcd", std::nullopt}}},
        {"date", "date", {{"2024-01-01", "2024-01-01"}, {"2024-02-01", "2024-02-01"}, {"-", {}}}},
        {"int4range",
         "int4range",
         {{"[1,3)", "[1,3)"}, {"[1,2]", "[1,3)"}, {"empty", "empty"}, {"[3,1)", std::nullopt}}},
        {"timestamp(0) without time zone",
         "timestamp without time zone",
         {{"2024-01-01 00:00:00", "2024-01-01 00:00:00"},
          {"2024-01-02 00:00:00", "2024-01-02 00:00:00"},
          {"2024-01-01 00:00:00.6", std::nullopt}}},
        {"bigint", "integer", {{"1", "1"}, {"2", "2"}, {"3", "3"}}},
        {"smallint", "bigint", {{"1", "1"}, {"2", "2"}, {"70000", std::nullopt}}},
    };
    return types;
}

std::string normal_form(std::size_t type, const std::string& stored) {
    for (const auto& [value, normal] : sample_types()[type].equal) {
        if (value == stored) {
            return normal;
        }
    }
    return stored;
}

} // namespace dbbackup::test
