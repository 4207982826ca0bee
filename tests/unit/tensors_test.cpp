#include "runtime/bundle/tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace motet {
namespace {

using testing::HasSubstr;

std::string file_of(const std::string& header, std::size_t data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data, '\0');
}

std::string refusal(std::string_view bytes) {
  const auto tensors = from_safetensors(bytes);
  return tensors ? "" : tensors.error().message;
}

const std::vector<Tensor> some = {{"first.weight", {2, 3}, {1, 2, 3, 4, 5, 6}},
                                  {"a \"name\"\\", {1}, {-0.5f}},
                                  {"none", {0, 4}, {}},
                                  {"one", {}, {7}}};

TEST(Tensors, ComeBack) {
  const auto tensors = from_safetensors(to_safetensors(some));
  ASSERT_TRUE(tensors) << tensors.error().message;
  ASSERT_EQ(tensors->size(), some.size());
  for (std::size_t i = 0; i < some.size(); ++i) {
    EXPECT_EQ((*tensors)[i].name, some[i].name);
    EXPECT_EQ((*tensors)[i].shape, some[i].shape);
    EXPECT_EQ((*tensors)[i].values, some[i].values);
  }
}

// A file as the format's description has it, written by hand.
TEST(Tensors, AreThoseOfTheFormat) {
  std::string bytes = file_of(R"({ "__metadata__": {"by": "hand"},
      "b": {"data_offsets": [4, 12], "shape": [2], "dtype": "F32"},
      "a": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]} })",
                              0);
  const float values[] = {1.5f, -2, 3};
  bytes.append(reinterpret_cast<const char*>(values), sizeof values);
  const auto tensors = from_safetensors(bytes);
  ASSERT_TRUE(tensors) << tensors.error().message;
  ASSERT_EQ(tensors->size(), 2u);
  EXPECT_EQ((*tensors)[0].name, "b");
  EXPECT_EQ((*tensors)[0].values, (std::vector<float>{-2, 3}));
  EXPECT_EQ((*tensors)[1].values, std::vector<float>{1.5f});
  // What is written: the header's length, its first bytes, and numbers that lie at a multiple of eight.
  const std::string written = to_safetensors(some);
  EXPECT_EQ(written.substr(8, 40), R"({"first.weight":{"dtype":"F32","shape":[)");
  EXPECT_EQ(static_cast<unsigned char>(written[0]) % 8, 0);
}

TEST(Tensors, RefuseEveryTruncation) {
  const std::string bytes = to_safetensors(some);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(refusal(std::string_view(bytes).substr(0, size)), "") << size;
}

TEST(Tensors, SurviveEveryDamage) {
  const std::string bytes = to_safetensors(some);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int value = 0; value < 256; value += 5) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(value);
      refusal(damaged);
    }
  }
}

TEST(Tensors, RefuseWhatDoesNotFit) {
  const auto one = [](const std::string& entry, std::size_t data) {
    return refusal(file_of("{\"a\":" + entry + "}", data));
  };
  EXPECT_EQ(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 4), "");
  EXPECT_THAT(one(R"({"dtype":"F16","shape":[2],"data_offsets":[0,4]})", 4), HasSubstr("F16"));
  EXPECT_THAT(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", 4), HasSubstr("`a`"));
  EXPECT_THAT(one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})", 8), HasSubstr("`a`"));
  EXPECT_THAT(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", 8),
              HasSubstr("4 bytes of no tensor"));
  EXPECT_THAT(one(R"({"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]})", 0),
              HasSubstr("`a`"));
  for (const char* wrong :
       {R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", R"({"dtype":"F32","shape":[1]})", R"([])",
        R"({"dtype":"F32","shape":[1],"data_offsets":[0,4,8]})",
        R"({"dtype":"F32","shape":[[1]],"data_offsets":[0,4]})",
        R"({"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]})",
        R"({"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})"})
    EXPECT_THAT(one(wrong, 4), HasSubstr("header")) << wrong;
  const std::string entry = R"({"dtype":"F32","shape":[0],"data_offsets":[0,0]})";
  EXPECT_THAT(refusal(file_of("{\"a\":" + entry + ",\"a\":" + entry + "}", 0)), HasSubstr("twice"));
  EXPECT_THAT(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}")), HasSubstr("truncated"));
}

}  // namespace
}  // namespace motet
