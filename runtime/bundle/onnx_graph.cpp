#include "runtime/bundle/onnx_graph.h"

#include <algorithm>
#include <bit>

namespace motet {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX is little-endian");

// Numbers of fields, by message.
namespace graph_field {
constexpr std::uint32_t node = 1, name = 2, initializer = 5, input = 11, output = 12;
}
namespace node_field {
constexpr std::uint32_t input = 1, output = 2, op = 4, attribute = 5;
}
namespace attribute_field {
constexpr std::uint32_t name = 1, integer = 3, type = 20;
constexpr std::int64_t integer_type = 2;
}  // namespace attribute_field
namespace tensor_field {
constexpr std::uint32_t side = 1, type = 2, name = 8, bytes = 9;
}
namespace value_field {
constexpr std::uint32_t name = 1, type = 2, tensor_type = 1, element = 1, shape = 2, side = 1, length = 1;
}

// A ValueInfoProto: a tensor [1, length] of float32.
ProtobufMessage value_info(const std::string& name, std::size_t length) {
  ProtobufMessage shape, tensor, type, info;
  for (const std::size_t size : {std::size_t{1}, length}) {
    ProtobufMessage side;
    side.number(value_field::length, static_cast<std::int64_t>(size));
    shape.message(value_field::side, side);
  }
  tensor.number(value_field::element, OnnxGraph::float_type);
  tensor.message(value_field::shape, shape);
  type.message(value_field::tensor_type, tensor);
  info.text(value_field::name, name);
  info.message(value_field::type, type);
  return info;
}

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

bool is_next(const OnnxNumber& a, const OnnxNumber& b, std::uint32_t step) {
  return a.tensor == b.tensor && a.index + step == b.index;
}

// How many of the first numbers are constants, or lie in a tensor side by side, or are the same.
std::size_t first_part(std::span<const OnnxNumber> numbers) {
  const std::uint32_t step = numbers.size() > 1 && is_next(numbers[0], numbers[1], 0) ? 0 : 1;
  std::size_t end = 1;
  while (end < numbers.size() && (numbers[0].is_constant() ? numbers[end].is_constant()
                                                           : is_next(numbers[end - 1], numbers[end], step)))
    ++end;
  return end;
}

}  // namespace

OnnxVector OnnxGraph::input(std::string name, std::size_t length) {
  keep(inputs_, value_info(name, length));
  return numbers_of(add_tensor(std::move(name), length));
}

void OnnxGraph::output(const std::string& name, const OnnxVector& numbers) {
  ProtobufMessage node;
  node.text(node_field::input, tensor_of(numbers));
  node.text(node_field::op, "Identity");
  node.text(node_field::output, name);
  keep(nodes_, std::move(node));
  keep(outputs_, value_info(name, numbers.size()));
}

OnnxVector OnnxGraph::node(std::string_view op, std::span<const OnnxVector> operands, std::size_t length,
                           std::span<const OnnxAttribute> attributes) {
  std::vector<std::string> inputs;
  for (const OnnxVector& operand : operands) inputs.push_back(tensor_of(operand));
  return numbers_of(apply(op, inputs, length, attributes));
}

OnnxVector OnnxGraph::map(std::string_view op, std::vector<OnnxVector> operands,
                          std::span<const OnnxAttribute> attributes) {
  std::size_t length = 1;
  for (const OnnxVector& operand : operands) length = std::max(length, operand.size());
  // Some runtimes broadcast nothing but constants.
  for (OnnxVector& operand : operands)
    if (operand.size() < length && !operand[0].is_constant()) operand.assign(length, OnnxNumber(operand[0]));
  return node(op, operands, length, attributes);
}

OnnxVector OnnxGraph::dense(const OnnxVector& x, std::span<const float> weight,
                            const std::string& weight_name, std::span<const float> bias,
                            const std::string& bias_name) {
  const auto in = static_cast<std::int64_t>(x.size()), out = static_cast<std::int64_t>(bias.size());
  const std::int64_t weight_shape[] = {in, out}, bias_shape[] = {out};
  initializer(weight_name, weight_shape, float_type, bytes_of(weight));
  initializer(bias_name, bias_shape, float_type, bytes_of(bias));
  const std::string factors[] = {tensor_of(x), weight_name};
  const std::string terms[] = {tensors_[apply("MatMul", factors, bias.size())].name, bias_name};
  return numbers_of(apply("Add", terms, bias.size()));
}

ProtobufMessage OnnxGraph::finish(std::string_view name) const {
  ProtobufMessage graph;
  const auto add = [&](std::uint32_t field, const std::vector<ProtobufMessage>& list) {
    for (const ProtobufMessage& message : list) graph.message(field, message);
  };
  add(graph_field::node, nodes_);
  graph.text(graph_field::name, name);
  add(graph_field::initializer, initializers_);
  add(graph_field::input, inputs_);
  add(graph_field::output, outputs_);
  return graph;
}

std::uint32_t OnnxGraph::add_tensor(std::string name, std::size_t length) {
  tensors_.push_back({std::move(name), length});
  return static_cast<std::uint32_t>(tensors_.size() - 1);
}

OnnxVector OnnxGraph::numbers_of(std::uint32_t tensor) const {
  OnnxVector numbers(tensors_[tensor].length);
  for (std::uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = {tensor, i, 0};
  return numbers;
}

std::string OnnxGraph::tensor_of(std::span<const OnnxNumber> numbers) {
  std::vector<std::string> parts;
  for (std::span<const OnnxNumber> rest = numbers; !rest.empty();) {
    const std::size_t size = first_part(rest);
    parts.push_back(part_of(rest.first(size)));
    rest = rest.subspan(size);
  }
  if (parts.size() == 1) return parts[0];
  const OnnxAttribute side_by_side[] = {{"axis", 1}};
  return tensors_[apply("Concat", parts, numbers.size(), side_by_side)].name;
}

std::string OnnxGraph::part_of(std::span<const OnnxNumber> part) {
  const OnnxNumber first = part.front(), last = part.back();
  if (first.is_constant()) return constants(part);
  std::string name = tensors_[first.tensor].name;
  const std::int64_t begin = first.index, end = std::int64_t{last.index} + 1;
  if (begin > 0 || end < static_cast<std::int64_t>(tensors_[first.tensor].length)) {
    const std::string inputs[] = {name, integers({begin}), integers({end}), integers({1})};
    name = tensors_[apply("Slice", inputs, static_cast<std::size_t>(end - begin))].name;
  }
  if (end - begin == static_cast<std::int64_t>(part.size())) return name;
  const std::string inputs[] = {name, integers({1, static_cast<std::int64_t>(part.size())})};
  return tensors_[apply("Expand", inputs, part.size())].name;
}

std::uint32_t OnnxGraph::apply(std::string_view op, std::span<const std::string> inputs, std::size_t length,
                               std::span<const OnnxAttribute> attributes) {
  ProtobufMessage node;
  for (const std::string& input : inputs) node.text(node_field::input, input);
  node.text(node_field::op, op);
  for (const OnnxAttribute& each : attributes) {
    ProtobufMessage attribute;
    attribute.text(attribute_field::name, each.name);
    attribute.number(attribute_field::integer, each.value);
    attribute.number(attribute_field::type, attribute_field::integer_type);
    node.message(node_field::attribute, attribute);
  }
  const auto [place, is_new] = tensors_by_node_.try_emplace(node.bytes(), 0);
  if (!is_new) return place->second;
  place->second = add_tensor(std::string(op) + "#" + std::to_string(++named_), length);
  node.text(node_field::output, tensors_[place->second].name);
  keep(nodes_, std::move(node));
  return place->second;
}

// Never shared: some runtimes take a constant for the part of one vector only.
std::string OnnxGraph::constants(std::span<const OnnxNumber> numbers) {
  std::vector<float> values;
  for (const OnnxNumber& number : numbers) values.push_back(static_cast<float>(number.value));
  const std::int64_t shape[] = {1, static_cast<std::int64_t>(values.size())};
  std::string name = "constant#" + std::to_string(++named_);
  initializer(name, shape, float_type, bytes_of(std::span<const float>(values)));
  return name;
}

std::string OnnxGraph::integers(const std::vector<std::int64_t>& values) {
  const auto [place, is_new] = integers_.try_emplace(values);
  if (!is_new) return place->second;
  place->second = "integers#" + std::to_string(++named_);
  const std::int64_t shape[] = {static_cast<std::int64_t>(values.size())};
  initializer(place->second, shape, int64_type, bytes_of(std::span<const std::int64_t>(values)));
  return place->second;
}

void OnnxGraph::initializer(const std::string& name, std::span<const std::int64_t> shape, std::int64_t type,
                            std::string_view bytes) {
  ProtobufMessage tensor;
  for (const std::int64_t side : shape) tensor.number(tensor_field::side, side);
  tensor.number(tensor_field::type, type);
  tensor.text(tensor_field::name, name);
  tensor.text(tensor_field::bytes, bytes);
  keep(initializers_, std::move(tensor));
}

void OnnxGraph::keep(std::vector<ProtobufMessage>& list, ProtobufMessage message) {
  constexpr std::size_t around = 12;  // the field's key and length
  size_ += message.bytes().size() + around;
  list.push_back(std::move(message));
}

}  // namespace motet
