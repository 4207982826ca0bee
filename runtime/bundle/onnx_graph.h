#pragma once

// A graph of ONNX operators over tensors [1, n] of float32, put together number by number.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/bundle/protobuf.h"

namespace motet {

// A number of the graph: one of a tensor's, or a constant.
struct OnnxNumber {
  static constexpr std::uint32_t none = 0xffffffff;

  std::uint32_t tensor = none, index = 0;
  double value = 0;  // of a constant

  bool is_constant() const { return tensor == none; }
};

// Any numbers side by side. Where an operator takes them, they become one tensor, by Slice, Expand and Concat
// as far as they are not one already.
using OnnxVector = std::vector<OnnxNumber>;

struct OnnxAttribute {
  std::string_view name;
  std::int64_t value;
};

class OnnxGraph {
 public:
  // Element types of tensors, as ONNX numbers them.
  static constexpr std::int64_t float_type = 1, int64_type = 7, bool_type = 9;

  // Names of inputs and outputs differ from each other, and from those that the graph makes up: "Add#12".
  OnnxVector input(std::string name, std::size_t length);
  void output(const std::string& name, const OnnxVector& numbers);

  // What an operator makes of tensors: `length` numbers. The same of the same is there once.
  OnnxVector node(std::string_view op, std::span<const OnnxVector> operands, std::size_t length,
                  std::span<const OnnxAttribute> attributes = {});
  // An operator that works element by element; a single number stands for as many as there are.
  OnnxVector map(std::string_view op, std::vector<OnnxVector> operands,
                 std::span<const OnnxAttribute> attributes = {});
  // x W + b, with `weight` [in, out] in rows and `bias` [out].
  OnnxVector dense(const OnnxVector& x, std::span<const float> weight, const std::string& weight_name,
                   std::span<const float> bias, const std::string& bias_name);

  std::size_t size() const { return size_; }  // bytes, about
  // A GraphProto.
  ProtobufMessage finish(std::string_view name) const;

 private:
  struct Tensor {
    std::string name;
    std::size_t length;
  };

  std::uint32_t add_tensor(std::string name, std::size_t length);
  OnnxVector numbers_of(std::uint32_t tensor) const;
  // The name of a tensor of these numbers.
  std::string tensor_of(std::span<const OnnxNumber> numbers);
  std::string part_of(std::span<const OnnxNumber> part);
  std::uint32_t apply(std::string_view op, std::span<const std::string> inputs, std::size_t length,
                      std::span<const OnnxAttribute> attributes = {});
  std::string constants(std::span<const OnnxNumber> numbers);
  std::string integers(const std::vector<std::int64_t>& values);
  void initializer(const std::string& name, std::span<const std::int64_t> shape, std::int64_t type,
                   std::string_view bytes);
  void keep(std::vector<ProtobufMessage>& list, ProtobufMessage message);

  std::vector<Tensor> tensors_;
  std::map<std::string, std::uint32_t> tensors_by_node_;  // by all that a node is but its output
  std::map<std::vector<std::int64_t>, std::string> integers_;
  std::vector<ProtobufMessage> inputs_, outputs_, initializers_, nodes_;
  std::size_t named_ = 0, size_ = 0;
};

}  // namespace motet
