#include "compiler/settings.h"
#include "language/text/number.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <set>

namespace motet {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

// A folder with a motet.toml, read with options as on the command line.
class Settings : public testing::Test {
 protected:
  Settings() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Settings() override { fs::remove_all(folder_); }

  OutsideSettings read(const std::string& text, const std::string& profile = "",
                       const std::vector<std::string>& assignments = {}) {
    std::ofstream(folder_ / "motet.toml", std::ios::binary) << text;
    return read_settings({folder_, profile, assignments}, sources_, diagnostics_);
  }

  std::vector<Code> codes() const {
    std::vector<Code> codes;
    for (const Diagnostic& diagnostic : diagnostics_.all()) codes.push_back(diagnostic.code);
    return codes;
  }
  std::string marked(std::size_t index = 0) const {
    return std::string(sources_.text(diagnostics_.all().at(index).primary.span));
  }
  std::string help(std::size_t index = 0) const { return diagnostics_.all().at(index).help.at(0); }

  fs::path folder_ =
      fs::path(testing::TempDir()) /
      ("settings_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  SourceMap sources_;
  Diagnostics diagnostics_;
};

const Hyperparameter& only(const std::vector<Hyperparameter>& values) {
  EXPECT_EQ(values.size(), 1u);
  return values.at(0);
}

// --- the schema ---

TEST(SettingSchema, KeysAreUniqueAndDefaultsFit) {
  std::set<std::string_view> keys;
  for (const SettingSchema& schema : setting_schemas()) {
    EXPECT_TRUE(keys.insert(schema.key).second) << schema.key;
    EXPECT_FALSE(schema.source.empty()) << schema.key;
    EXPECT_FALSE(schema.meaning.empty()) << schema.key;
    const FittedSetting fitted = fit_setting(schema, schema.fallback);
    EXPECT_TRUE(fitted) << fitted.message;
    EXPECT_EQ(fitted.value, schema.fallback) << schema.key;
    if (schema.flow_fallback) {
      EXPECT_TRUE(fit_setting(schema, *schema.flow_fallback)) << schema.key;
      EXPECT_FALSE(schema.flow_source.empty()) << schema.key;
    }
  }
}

TEST(SettingSchema, HasTheNumbersOfTheThesis) {
  const auto fallback = [](std::string_view key) { return find_setting(key)->fallback; };
  EXPECT_EQ(fallback("learn.sac.learning_rate"), SettingValue(3e-4));
  EXPECT_EQ(fallback("learn.sac.batch"), SettingValue(std::int64_t{256}));
  EXPECT_EQ(fallback("learn.sac.tau"), SettingValue(0.005));
  EXPECT_EQ(fallback("learn.sac.temperature"), SettingValue("auto"));
  EXPECT_EQ(fallback("learn.sql.particles"), SettingValue(std::int64_t{32}));
  EXPECT_EQ(fallback("learn.sql.warmup"), SettingValue(std::int64_t{10'000}));
  EXPECT_EQ(find_setting("learn.sac.batch")->flow_fallback, SettingValue(std::int64_t{128}));
}

TEST(SettingSchema, ConvertsWhatIsExact) {
  const SettingSchema& steps = *find_setting("learn.sac.steps");
  EXPECT_EQ(fit_setting(steps, 2e5).value, SettingValue(std::int64_t{200'000}));
  EXPECT_EQ(fit_setting(steps, 2.5).code, Code::M0602);
  EXPECT_EQ(fit_setting(steps, 1e300).code, Code::M0602);
  EXPECT_EQ(fit_setting(steps, std::nan("")).code, Code::M0602);
  EXPECT_EQ(fit_setting(*find_setting("learn.sac.tau"), std::int64_t{1}).value, SettingValue(1.0));
  EXPECT_EQ(fit_setting(*find_setting("learn.sac.tau"), std::nan("")).code, Code::M0603);
  EXPECT_EQ(fit_setting(steps, "many").code, Code::M0602);
  EXPECT_EQ(fit_setting(steps, std::int64_t{0}).code, Code::M0603);
}

TEST(SettingSchema, HiddenLayersAreCountedAndBounded) {
  using Layers = std::vector<std::int64_t>;
  const SettingSchema& hidden = *find_setting("policy.gaussian.hidden");
  EXPECT_TRUE(fit_setting(hidden, Layers{64, 64, 64}));
  EXPECT_EQ(fit_setting(hidden, Layers{}).code, Code::M0603);
  EXPECT_EQ(fit_setting(hidden, Layers(17, 8)).code, Code::M0603);
  EXPECT_EQ(fit_setting(hidden, Layers{64, 0}).code, Code::M0603);
  EXPECT_EQ(fit_setting(hidden, std::int64_t{64}).code, Code::M0602);
}

TEST(SettingSchema, TemperaturesTakeThreeForms) {
  const SettingSchema& sac = *find_setting("learn.sac.temperature");
  EXPECT_EQ(fit_setting(sac, "auto").value, SettingValue("auto"));
  EXPECT_EQ(fit_setting(sac, std::int64_t{2}).value, SettingValue(2.0));
  EXPECT_EQ(fit_setting(sac, "anneal( 1,0.1, 100k )").value, SettingValue("anneal(1, 0.1, 100000)"));
  EXPECT_EQ(fit_setting(sac, "0.2").value, SettingValue(0.2));
  EXPECT_EQ(fit_setting(sac, -1.0).code, Code::M0603);
  for (const char* wrong :
       {"", "warm", "anneal", "anneal()", "anneal(1, 2)", "anneal(1, 0, 5)", "anneal(1, 2, 3, 4)",
        "anneal(1, 2, 0)", "anneal(1, 2, 1.5)", "anneal(1, nan, 3)", "anneal(1, 2, 3"})
    EXPECT_EQ(fit_setting(sac, wrong).code, Code::M0602) << wrong;
  EXPECT_EQ(fit_setting(*find_setting("learn.sql.temperature"), "auto").code, Code::M0602);
  EXPECT_EQ(fit_setting(*find_setting("learn.sql.temperature"), 0.0).code, Code::M0603);
}

TEST(SettingSchema, FindsSimilarKeys) {
  EXPECT_THAT(similar_settings("learn.sac.bacth"), ElementsAre("learn.sac.batch"));
  EXPECT_THAT(similar_settings("sac.batch"), ElementsAre("learn.sac.batch"));
  EXPECT_THAT(similar_settings("batch"),
              ElementsAre("learn.sac.batch", "learn.sql.batch", "learn.extraction.batch"));
  EXPECT_THAT(similar_settings("value_sample"), ElementsAre("learn.sql.value_samples"));
  EXPECT_THAT(similar_settings("sed"), ElementsAre("seed"));
  EXPECT_THAT(similar_settings("colour_of_the_robot"), IsEmpty());
}

TEST(SettingValue, ReadsBackWhatItWrites) {
  for (const double value :
       {0.0, -0.0, 1.0, 3e-4, 1e-10, 0.1, 1.0 / 3, 123456.789, 1e5, 2.5e8, 1e22, -7e-300})
    EXPECT_EQ(parse_number(format_number(value)), value) << format_number(value);
  EXPECT_EQ(format_number(3e-4), "0.0003");
  EXPECT_EQ(format_number(1e5), "100000");
  EXPECT_EQ(format_number(1e12), "1e12");
  EXPECT_EQ(format_number(-2.5e-9), "-2.5e-9");
  EXPECT_EQ(parse_number("200k"), 200'000);
  EXPECT_EQ(parse_number("1_000"), 1000);
  EXPECT_EQ(parse_number("inf"), std::nullopt);
  EXPECT_EQ(parse_number("k"), std::nullopt);
}

// --- motet.toml ---

TEST_F(Settings, NoFileIsNoSettings) {
  const OutsideSettings settings = read_settings({folder_, "", {}}, sources_, diagnostics_);
  EXPECT_THAT(settings.file, IsEmpty());
  EXPECT_THAT(codes(), IsEmpty());
}

TEST_F(Settings, ReadsNestedTablesAndSaysWhere) {
  const auto settings =
      read("seed = 7\n\n[learn.sac]\nbatch = 128\ntemperature = 1\n[policy]\ngaussian.hidden = [64, 32]\n");
  EXPECT_THAT(codes(), IsEmpty());
  ASSERT_EQ(settings.file.size(), 4u);
  EXPECT_EQ(settings.file[0].key, "learn.sac.batch");
  EXPECT_EQ(settings.file[0].value, SettingValue(std::int64_t{128}));
  EXPECT_EQ(settings.file[0].origin, Origin::settings);
  EXPECT_EQ(settings.file[0].source, "motet.toml:4");
  EXPECT_EQ(settings.file[1].value, SettingValue(1.0));
  EXPECT_EQ(settings.file[2].value, SettingValue(std::vector<std::int64_t>{64, 32}));
  EXPECT_EQ(settings.file[3].source, "motet.toml:1");
}

TEST_F(Settings, UnknownKeysAreReportedAtTheKey) {
  read("[learn.sac]\nbacth = 128\n[learn.scc]\nbatch = 1\n[cloud]\nregion = 'x'\n");
  EXPECT_THAT(codes(), testing::UnorderedElementsAre(Code::M0601, Code::M0601, Code::M0601));
  diagnostics_.sort();
  EXPECT_EQ(marked(0), "bacth");
  EXPECT_THAT(help(0), testing::HasSubstr("`learn.sac.batch`"));
  EXPECT_EQ(marked(1), "scc");
  EXPECT_THAT(help(1), testing::HasSubstr("`learn.sac`"));
  EXPECT_EQ(marked(2), "cloud");
}

TEST_F(Settings, WrongTypesAndRanges) {
  read(
      "seed = 'one'\nthreads = -1\npolicy = 3\ndevice = 'abacus'\noutput = 1979-05-27\n"
      "[learn.sac]\nhidden = [64, 'a']\nbatch = { size = 3 }\ntau = nan\n");
  EXPECT_THAT(codes(), testing::UnorderedElementsAre(Code::M0602, Code::M0603, Code::M0602, Code::M0602,
                                                     Code::M0602, Code::M0602, Code::M0602, Code::M0603));
}

TEST_F(Settings, SyntaxErrorsHaveTheirPlace) {
  read("seed = 1\nthreads = = 2\n");
  EXPECT_THAT(codes(), ElementsAre(Code::M0605));
  EXPECT_EQ(sources_.file(0).position(diagnostics_.all()[0].primary.span.begin).line, 2u);
}

TEST_F(Settings, ColumnsCountCodePoints) {
  read("output = 'größe' # ö\n[learn]\n\"größe\" = 3\n");
  EXPECT_THAT(codes(), ElementsAre(Code::M0601));
}

TEST_F(Settings, HostileFilesAreRefused) {
  std::string deep = "a";
  for (int i = 0; i < 200'000; ++i) deep += ".a";
  std::string nested = "a = " + std::string(100'000, '[');
  for (const std::string& text :
       {std::string("seed = 1\n\xff\xfe = 2"), deep + " = 1\n", "[" + deep + "]\n", "'=" + deep, nested,
        std::string("seed = '''"), std::string(settings_file_limit + 1, '#'), std::string("a = \"\\"),
        std::string(1, '\0')}) {
    diagnostics_ = {};
    read(text);
    EXPECT_THAT(codes(), ElementsAre(Code::M0605)) << text.substr(0, 20);
    for (const Diagnostic& diagnostic : diagnostics_.all()) sources_.text(diagnostic.primary.span);
  }
}

TEST_F(Settings, AFolderInPlaceOfTheFileIsRefused) {
  fs::create_directories(folder_ / "motet.toml");
  read_settings({folder_, "", {}}, sources_, diagnostics_);
  EXPECT_THAT(codes(), ElementsAre(Code::M0605));
}

// --- profiles and assignments ---

TEST_F(Settings, AProfileHasTheSameKeys) {
  const std::string text =
      "[learn.sac]\nbatch = 128\n[profile.quick]\nseed = 3\n[profile.quick.learn.sac]\nbatch = 32\n"
      "[profile.long]\nlearn.sac.steps = 2_000_000\n";
  const auto settings = read(text, "quick");
  EXPECT_THAT(codes(), IsEmpty());
  ASSERT_EQ(settings.profile.size(), 2u);
  EXPECT_EQ(settings.profile[0].key, "learn.sac.batch");
  EXPECT_EQ(settings.profile[0].origin, Origin::profile);
  EXPECT_EQ(settings.profile[0].source, "profile quick, motet.toml:6");
  EXPECT_EQ(only(settings.file).value, SettingValue(std::int64_t{128}));
}

TEST_F(Settings, AProfileThatIsNotChosenIsCheckedAllTheSame) {
  read("[profile.quick]\nsed = 3\n");
  EXPECT_THAT(codes(), ElementsAre(Code::M0601));
}

TEST_F(Settings, AnUnknownProfileIsReportedWithThoseThereAre) {
  read("[profile.quick]\nseed = 3\n", "quikc");
  EXPECT_THAT(codes(), ElementsAre(Code::M0604));
  EXPECT_EQ(marked(), "quikc");
  EXPECT_THAT(help(), testing::HasSubstr("`quick`"));
  EXPECT_THAT(diagnostics_.all()[0].notes, ElementsAre(testing::HasSubstr("`quick`")));
}

TEST_F(Settings, AProfileIsATable) {
  read("[profile]\nquick = 3\n");
  EXPECT_THAT(codes(), ElementsAre(Code::M0602));
  diagnostics_ = {};
  read("profile = 'quick'\n");
  EXPECT_THAT(codes(), ElementsAre(Code::M0602));
}

TEST_F(Settings, AssignmentsTakeTomlNumbersAndBareWords) {
  const auto settings = read("", "",
                             {"learn.sac.temperature=auto", "learn.sac.steps=200k", "output=my runs",
                              "policy.gaussian.hidden=[64, 64]", "seed=1", "seed=2", "learn.sac.tau=1e-2",
                              "learn.sql.temperature=anneal(1, 0.1, 10k)", "device=\"cpu\""});
  EXPECT_THAT(codes(), IsEmpty());
  const auto value = [&](std::string_view key) { return resolve(key, {}, settings).value; };
  EXPECT_EQ(value("learn.sac.temperature"), SettingValue("auto"));
  EXPECT_EQ(value("learn.sac.steps"), SettingValue(std::int64_t{200'000}));
  EXPECT_EQ(value("output"), SettingValue("my runs"));
  EXPECT_EQ(value("policy.gaussian.hidden"), SettingValue(std::vector<std::int64_t>{64, 64}));
  EXPECT_EQ(value("seed"), SettingValue(std::int64_t{2}));
  EXPECT_EQ(value("learn.sac.tau"), SettingValue(0.01));
  EXPECT_EQ(value("learn.sql.temperature"), SettingValue("anneal(1, 0.1, 10000)"));
  EXPECT_EQ(resolve("seed", {}, settings).source, "--set");
}

TEST_F(Settings, AssignmentsThatAreWrong) {
  read("", "",
       {"seed", "=3", "seed=", "batch=3", "seed=x\ny=2", "learn.sac.batch=1979-05-27", "learn.sac.tau=2"});
  EXPECT_THAT(codes(), ElementsAre(Code::M0606, Code::M0606, Code::M0606, Code::M0601, Code::M0602,
                                   Code::M0602, Code::M0603));
  EXPECT_EQ(marked(3), "batch");
  EXPECT_THAT(help(3), testing::HasSubstr("`learn.sac.batch`"));
  EXPECT_EQ(marked(6), "2");
}

// --- precedence ---

TEST_F(Settings, TheNearerOneWins) {
  const std::vector<Hyperparameter> program = {
      {"learn.sac.batch", std::int64_t{3}, Origin::program, "a.motet:1"}};
  OutsideSettings outside;
  const auto origin = [&] { return resolve("learn.sac.batch", program, outside).origin; };
  EXPECT_EQ(resolve("learn.sac.batch", {}, outside).origin, Origin::fallback);
  outside.file.push_back({"learn.sac.batch", std::int64_t{2}, Origin::settings, "motet.toml:1"});
  EXPECT_EQ(resolve("learn.sac.batch", {}, outside).origin, Origin::settings);
  EXPECT_EQ(origin(), Origin::program);
  outside.profile.push_back({"learn.sac.batch", std::int64_t{4}, Origin::profile, "profile quick"});
  EXPECT_EQ(origin(), Origin::profile);
  outside.command_line.push_back({"learn.sac.batch", std::int64_t{5}, Origin::command_line, "--set"});
  EXPECT_EQ(origin(), Origin::command_line);
}

TEST_F(Settings, FlowsHaveTheirOwnDefaults) {
  const Hyperparameter batch = resolve("learn.sac.batch", {}, {}, "flow");
  EXPECT_EQ(batch.value, SettingValue(std::int64_t{128}));
  EXPECT_EQ(batch.source, "Table C.3");
  EXPECT_EQ(resolve("learn.sac.batch", {}, {}, "gaussian").source, "Table C.1");
}

}  // namespace
}  // namespace motet
