#include <gtest/gtest.h>

#include <set>

#include "language/diagnostic.h"
#include "language/json.h"

namespace motet {
namespace {

Diagnostic error_at(std::uint32_t offset, Code code = Code::M0101) {
  return {.code = code, .message = "wrong", .primary = {{0, offset, offset + 1}, ""}};
}

TEST(Codes, AreUniqueNamedAndOrdered) {
  std::set<std::string_view> names;
  for (const CodeInfo& code : all_codes()) {
    EXPECT_TRUE(names.insert(code.name).second) << code.name;
    EXPECT_EQ(code.name.size(), 5u);
    EXPECT_EQ(code.name[0], 'M');
    EXPECT_FALSE(code.title.empty());
    EXPECT_EQ(find_code(code.name), code.code);
    EXPECT_EQ(info(code.code).name, code.name);
  }
}

TEST(Codes, AreFoundInAnyCase) {
  EXPECT_EQ(find_code("m0101"), Code::M0101);
  EXPECT_FALSE(find_code("M9999"));
  EXPECT_FALSE(find_code(""));
}

TEST(Diagnostics, CountsAndSorts) {
  Diagnostics diagnostics;
  diagnostics.add(error_at(9));
  diagnostics.add(error_at(3));
  diagnostics.add(error_at(9));
  EXPECT_EQ(diagnostics.errors(), 3u);
  diagnostics.sort();
  ASSERT_EQ(diagnostics.all().size(), 2u);
  EXPECT_EQ(diagnostics.all()[0].primary.span.begin, 3u);
  EXPECT_EQ(diagnostics.errors(), 2u);
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, KeepsALimitedNumberAndSaysSo) {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < 1000; ++i) diagnostics.add(error_at(1000 - i));
  EXPECT_EQ(diagnostics.all().size(), Diagnostics::limit + 1);
  EXPECT_EQ(diagnostics.errors(), 1000u);
  EXPECT_EQ(diagnostics.all().back().code, Code::M0005);
  diagnostics.sort();
  EXPECT_EQ(diagnostics.all().back().code, Code::M0005);
}

TEST(Diagnostics, AFloodOfWarningsHidesNoError) {
  const auto warning = std::find_if(all_codes().begin(), all_codes().end(), [](const CodeInfo& code) {
    return code.severity == Severity::warning && code.code != Code::M0005;
  });
  if (warning == all_codes().end()) GTEST_SKIP() << "there is no warning";
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < 1000; ++i) diagnostics.add(error_at(i, warning->code));
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.add(error_at(5));
  diagnostics.sort();
  EXPECT_TRUE(std::any_of(diagnostics.all().begin(), diagnostics.all().end(),
                          [](const Diagnostic& d) { return d.code == Code::M0101; }));
}

TEST(Diagnostics, SayOnceThatThereAreMore) {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i <= Diagnostics::limit; ++i) diagnostics.add(error_at(i));
  diagnostics.add(error_at(7, Code::M0206));
  diagnostics.add(error_at(Diagnostics::limit));
  diagnostics.sort();
  const auto says_more = [](const Diagnostic& d) { return d.code == Code::M0005; };
  EXPECT_EQ(std::count_if(diagnostics.all().begin(), diagnostics.all().end(), says_more), 1);
  EXPECT_EQ(diagnostics.warnings(), 1u);
}

TEST(Nearest, FindsWhatIsCloseAndNothingElse) {
  const std::vector<std::string> names = {"walk", "navigate", "maximize", "reward"};
  EXPECT_EQ(nearest("wlak", names), "walk");
  EXPECT_EQ(nearest("Walk", names), "walk");
  EXPECT_EQ(nearest("maximise", names), "maximize");
  EXPECT_EQ(nearest("rewrd", names), "reward");
  EXPECT_EQ(nearest("navgate", names), "navigate");
  EXPECT_FALSE(nearest("run", names));
  EXPECT_FALSE(nearest("", names));
  EXPECT_FALSE(nearest("x", {"y", "z"}));
  EXPECT_EQ(nearest("hz", {"Hz", "s"}), "Hz");
  EXPECT_EQ(nearest("ab", {"abc", "ac", "ab"}), "abc");  // never the name itself
}

TEST(Json, EscapesAndNests) {
  JsonWriter json(0);
  json.begin_object().member("text", "a\"\\\n\x01\xff").key("list").begin_array();
  json.value(1).value(0.5).value(true).null().value(1.0 / 0.0).end_array();
  json.key("empty").begin_object().end_object().end_object();
  EXPECT_EQ(json.text(),
            R"({"text": "a\"\\\n\u0001\ufffd", "list": [1, 0.5, true, null, null], "empty": {}})");
}

TEST(Json, DiagnosticsHaveOneForm) {
  SourceMap sources;
  sources.add("a.motet", "let x\n");
  Diagnostics diagnostics;
  Diagnostic d = error_at(4);
  d.secondary = {{{0, 0, 3}, "there"}};
  d.fix = Fix{{0, 5, 5}, " = 1"};
  diagnostics.add(d);
  const std::string json = render_json(diagnostics, sources);
  for (const char* part :
       {R"("code": "M0101")", R"("severity": "error")", R"("file": "a.motet")", R"("column": 5)",
        R"("offset": 4)", R"("replacement": " = 1")", R"("errors": 1)", R"("warnings": 0)"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

}  // namespace
}  // namespace motet
