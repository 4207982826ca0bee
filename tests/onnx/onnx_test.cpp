// ONNX models, run by OpenCV's dnn module, against the evaluator and the executor.

#include "runtime/bundle/onnx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/dnn.hpp>
#include <opencv2/dnn/layer.details.hpp>
#include <span>
#include <string>
#include <vector>

#include "runtime/bundle/untrained.h"
#include "runtime/execution/executor.h"
#include "runtime/instructions/evaluator.h"

namespace motet {
namespace {

using testing::HasSubstr;

constexpr std::int64_t m = 3;
constexpr double tolerance = 1e-5;

// OpenCV 4.6 has no Where.
class WhereLayer : public cv::dnn::Layer {
 public:
  explicit WhereLayer(const cv::dnn::LayerParams& params) : Layer(params) {}
  static cv::Ptr<cv::dnn::Layer> create(cv::dnn::LayerParams& params) {
    return cv::makePtr<WhereLayer>(params);
  }

  void forward(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs,
               cv::OutputArrayOfArrays) override {
    std::vector<cv::Mat> in, out;
    inputs.getMatVector(in);
    outputs.getMatVector(out);
    for (int i = 0; i < out[0].cols; ++i)
      out[0].at<float>(0, i) = in[0].at<float>(0, i) != 0 ? in[1].at<float>(0, i) : in[2].at<float>(0, i);
  }
};

// A model as a runtime sees it.
class Model {
 public:
  explicit Model(const Bundle& bundle) {
    static const bool prepared = [] {
      cv::setNumThreads(0);  // the models are small
      cv::dnn::LayerFactory::registerLayer("Where", WhereLayer::create);
      return true;
    }();
    EXPECT_TRUE(prepared);
    const Result<std::string> bytes = to_onnx(bundle);
    EXPECT_TRUE(bytes) << bytes.error().message;
    if (bytes) net_ = cv::dnn::readNetFromONNX(bytes->data(), bytes->size());
  }

  void set(const std::string& name, std::span<const float> values) {
    cv::Mat input(1, static_cast<int>(values.size()), CV_32F);
    std::copy(values.begin(), values.end(), input.begin<float>());
    net_.setInput(input, name);
  }

  std::vector<std::vector<float>> run(const std::vector<std::string>& outputs) {
    std::vector<cv::Mat> values;
    net_.forward(values, outputs);
    std::vector<std::vector<float>> result;
    for (const cv::Mat& value : values) result.emplace_back(value.begin<float>(), value.end<float>());
    return result;
  }

 private:
  cv::dnn::Net net_;
};

// Signals that a model and an evaluator can both be given.
class Signals : public SignalSource {
 public:
  explicit Signals(const InstructionProgram& program) {
    for (const SignalLoad& load : program.loads) values_.emplace_back(load.signal.length);
  }
  void draw(Random& random) {
    for (std::vector<float>& value : values_) random.fill_normal(value);
  }
  const std::vector<float>& operator[](std::size_t index) const { return values_[index]; }
  void read(std::size_t index, std::span<double> out) const override {
    std::copy(values_[index].begin(), values_[index].end(), out.begin());
  }

 private:
  std::vector<std::vector<float>> values_;
};

InstructionProgram program_of(const std::string& text) {
  Result<InstructionProgram> program = parse_program(text);
  EXPECT_TRUE(program) << program.error().message;
  return program ? *program : InstructionProgram();
}

// Observes a signal as it is.
const std::string whole =
    "registers 5\n"
    "load r0[5] = qpos\n"
    "output r0[5] \"observation\"\n";

PolicyShape gaussian(std::int64_t n) {
  return {.kind = PolicyKind::gaussian, .observation_size = n, .action_size = m, .hidden = {16, 8}};
}

PolicyShape sampler(std::int64_t n) {
  return {.kind = PolicyKind::sampler, .observation_size = n, .action_size = m, .hidden = {16}};
}

PolicyShape flow(std::int64_t n, std::int64_t actions = m) {
  return {
      .kind = PolicyKind::flow, .observation_size = n, .action_size = actions, .hidden = {16}, .units = 8};
}

// Policies from the top that see all that the program observes, with weights of some size.
Bundle bundle_of(const std::vector<PolicyShape>& policies, const InstructionProgram& observe) {
  Random random(3);
  Bundle bundle = untrained_bundle(policies, 1, random);
  bundle.contract.observe = observe;
  for (LayerWeights& weights : bundle.weights)
    for (float& value : weights.parameters.values()) value += 0.3f * static_cast<float>(random.normal());
  return bundle;
}

std::vector<float> observe(Evaluator& evaluator, const InstructionProgram& program) {
  const std::span<const double> values = evaluator.output(*program.find("observation"));
  return {values.begin(), values.end()};
}

void expect_near(const std::vector<float>& values, const std::vector<float>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(values[i], expected[i], tolerance * std::max(1.0f, std::abs(expected[i]))) << i;
}

// An entry of the metadata, as its bytes are.
std::string entry(const std::string& key, const std::string& value) {
  return key + '\x12' + static_cast<char>(value.size()) + value;
}

// An episode of a bundle: the model's observations and actions are the evaluator's and the executor's.
// `inputs`: by the loads of the program.
void expect_same_episode(const Bundle& bundle, const std::vector<std::string>& inputs,
                         std::int64_t state_size = 0, int reset_runs = 0) {
  const InstructionProgram& program = bundle.contract.observe;
  const auto actions = static_cast<std::size_t>(bundle.contract.action_size());
  const bool has_latent = bundle.contract.layers[0].policy.kind != PolicyKind::gaussian;
  Random random(7);
  std::vector<float> latent(has_latent ? actions : 0), state(static_cast<std::size_t>(state_size));
  random.fill_normal(latent);
  const Result<std::string> packed = pack(bundle);
  ASSERT_TRUE(packed);
  std::string error;
  const auto executor = Executor::from_bytes(*packed, error, {.latent = latent});
  ASSERT_NE(executor, nullptr) << error;

  if (state_size > 0) {
    EXPECT_THAT(*to_onnx(bundle), HasSubstr(entry("reset_runs", std::to_string(reset_runs))));
  }

  Model model(bundle);
  Evaluator evaluator(program);
  Signals signals(program);
  std::vector<std::string> outputs = {"action", "observation"};
  if (has_latent) model.set("latent", latent);
  if (state_size > 0) outputs.emplace_back("state_next");
  const auto run = [&] {
    for (std::size_t i = 0; i < inputs.size(); ++i) model.set(inputs[i], signals[i]);
    if (state_size > 0) model.set("state", state);
    auto values = model.run(outputs);
    if (state_size > 0) state = values[2];
    return values;
  };
  for (int step = 0; step < 8; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    signals.draw(random);
    if (step == 0) {
      evaluator.reset(signals);
      for (int i = 0; i < reset_runs; ++i) run();
    } else {
      evaluator.evaluate(signals);
    }
    const auto values = run();
    const std::vector<float> observation = observe(evaluator, program);
    std::vector<float> action(actions);
    ASSERT_EQ(executor->step(observation, action), StepStatus::ok);
    expect_near(values[1], observation);
    expect_near(values[0], action);
  }
}

// What a program observes, by a policy that sees it all.
void expect_same_observations(const std::string& text, const std::vector<std::string>& inputs,
                              std::int64_t state_size = 0, int reset_runs = 0) {
  const InstructionProgram program = program_of(text);
  const Output* output = program.find("observation");
  ASSERT_NE(output, nullptr);
  expect_same_episode(bundle_of({flow(output->n)}, program), inputs, state_size, reset_runs);
}

TEST(Onnx, TakesTheMeanOfAGaussian) {
  expect_same_episode(bundle_of({gaussian(5)}, program_of(whole)), {"qpos"});
}

TEST(Onnx, GivesASamplerItsNoise) {
  expect_same_episode(bundle_of({sampler(5)}, program_of(whole)), {"qpos"});
}

TEST(Onnx, SendsALatentThroughAFlow) {
  expect_same_episode(bundle_of({flow(5)}, program_of(whole)), {"qpos"});
}

TEST(Onnx, SendsALatentOfOneCoordinate) {
  expect_same_episode(bundle_of({flow(5, 1)}, program_of(whole)), {"qpos"});
}

TEST(Onnx, SendsALatentThroughTheLayersOfOneFlow) {
  PolicyShape shape = flow(5, 4);
  shape.below = {{.embedding = {8}, .couplings = 3, .units = 4},
                 {.embedding = {}, .couplings = 1, .units = 4}};
  expect_same_episode(bundle_of({shape}, program_of(whole)), {"qpos"});
}

TEST(Onnx, StacksPoliciesThatSeeDifferentColumns) {
  for (const PolicyShape& top : {flow(2), gaussian(2)}) {
    Bundle bundle = bundle_of({flow(5), flow(5)}, program_of(whole));
    Random random(5);
    AlignedFloats parameters(static_cast<std::size_t>(top.parameters()));
    initialize_policy(top, parameters.values(), random);
    bundle.contract.layers[0].policy = top;
    bundle.contract.layers[0].policy.bounded = false;
    bundle.contract.layers[0].columns = {4, 1};
    bundle.contract.layers[1].columns = {0, 3, 4, 2, 1};
    bundle.weights[0].parameters = std::move(parameters);
    expect_same_episode(bundle, {"qpos"});
  }
}

TEST(Onnx, ScalesAndPutsTogether) {
  expect_same_observations(
      "registers 40\n"
      "constant r0 = 0.1\n"
      "constant r1 = 3\n"
      "constant r2 = 1\n"
      "constant r3 = -2\n"
      "load r4[6] = qpos\n"
      "load r10 = joint.vel \"hip\"\n"
      "load r11[3] = action\n"
      "r14 = mul[4] r4[] r0\n"     // a vector by a constant
      "r18 = sub[3] r1[] r11[]\n"  // constants less a vector
      "r21 = mul[2] r10 r8[]\n"    // a part by a number
      "r23 = div[2] r4[] r1[]\n"
      "r25 = add[3] r11[] r10\n"
      "r28 = sub r2 r10\n"
      "r29 = copy[2] r6[]\n"
      "r31 = add[2] r29[] r29[]\n"
      "r34 = neg[3] r31[]\n"  // beyond what has been written: a zero
      "output r3[34] \"observation\"\n",
      {"qpos", "joint.vel:hip", "previous_action"});
}

TEST(Onnx, HasFunctions) {
  expect_same_observations(
      "registers 60\n"
      "constant r0 = 2\n"
      "constant r1 = 0.5\n"
      "load r2[3] = sensor \"gyro\"\n"
      "r5 = sin[3] r2[]\n"
      "r8 = cos[3] r2[]\n"
      "r11 = tanh[3] r2[]\n"
      "r14 = exp[3] r2[]\n"
      "r17 = abs[3] r2[]\n"
      "r20 = sqrt[3] r17[]\n"
      "r23 = add[3] r17[] r1\n"
      "r26 = log[3] r23[]\n"
      "r29 = sign[3] r2[]\n"
      "r32 = mul[3] r2[] r0\n"
      "r35 = floor[3] r32[]\n"
      "r38 = pow[3] r17[] r0\n"
      "r41 = div[3] r0 r23[]\n"
      "r44 = tan[3] r11[]\n"
      "r47 = div[3] r5[] r14[]\n"
      "output r5[45] \"observation\"\n",
      {"sensor:gyro"});
}

TEST(Onnx, ReducesVectors) {
  expect_same_observations(
      "registers 30\n"
      "load r0[5] = qpos\n"
      "load r5[5] = qvel\n"
      "r10 = sum[5] r0[]\n"
      "r11 = mean[5] r0[]\n"
      "r12 = min_of[5] r0[]\n"
      "r13 = max_of[4] r1[]\n"
      "r14 = norm[3] r1[]\n"
      "r15 = dot[5] r0[] r5[]\n"
      "r16 = sum[4] r2\n"
      "r17 = norm r3\n"
      "r18 = min[5] r0[] r5[]\n"
      "r23 = max[5] r0[] r7\n"
      "output r10[18] \"observation\"\n",
      {"qpos", "qvel"});
}

TEST(Onnx, TurnsAngles) {
  expect_same_observations(
      "registers 20\n"
      "constant r0 = 4\n"
      "load r1[3] = qpos\n"
      "load r4[3] = qvel\n"
      "r7 = mul[3] r1[] r0\n"
      "r10 = wrap[3] r7[]\n"
      "r13 = atan2[3] r1[] r4[]\n"
      "r16 = atan2 r17 r1\n"  // 0 over something
      "output r10[7] \"observation\"\n",
      {"qpos", "qvel"});
}

TEST(Onnx, ComparesAndSelects) {
  expect_same_observations(
      "registers 60\n"
      "constant r0 = 0.2\n"
      "load r1[4] = qpos\n"
      "load r5[4] = qvel\n"
      "r9 = lt[4] r1[] r5[]\n"
      "r13 = ge[4] r1[] r0\n"
      "r17 = gt[4] r0 r5[]\n"
      "r21 = and[4] r9[] r13[]\n"
      "r25 = or[4] r9[] r17[]\n"
      "r29 = not[4] r25[]\n"
      "r33 = le[4] r5[] r1[]\n"
      "r37 = eq[4] r1[] r1[]\n"
      "r41 = ne[4] r1[] r5[]\n"
      "r45 = select[4] r9[] r1[] r5[]\n"
      "r49 = select[4] r9 r1[] r5\n"
      "output r9[44] \"observation\"\n",
      {"qpos", "qvel"});
}

TEST(Onnx, RemembersWhatWas) {
  expect_same_observations(
      "registers 30\n"
      "passes 3\n"
      "load r0[2] = qpos\n"
      "load r2 = joint.pos \"hip\"\n"
      "r10 = sub[2] r0[] r4[]\n"  // a difference, that before it, and that of both
      "r12 = copy[2] r6[]\n"
      "r14 = sub[2] r10[] r6[]\n"
      "r16 = copy r8\n"
      "r17 = mul r2 r16\n"
      "carry r0[2] -> r4[2]\n"
      "carry r10[2] -> r6[2]\n"
      "carry r2 -> r8\n"
      "output r10[8] \"observation\"\n",
      {"qpos", "joint.pos:hip"}, 5, 2);
}

// The last four of a vector, and, of what that was a step before, the last three norms.
TEST(Onnx, RemembersTheLastOnes) {
  expect_same_observations(
      "registers 60\n"
      "passes 4\n"
      "load r0[2] = sensor \"gyro\"\n"
      "r20 = copy[6] r4[]\n"
      "r26 = copy[2] r0[]\n"
      "r28 = norm[8] r30[]\n"
      "r40 = copy[2] r50[]\n"
      "r42 = copy r28\n"
      "carry r20[8] -> r30[8]\n"
      "history r0[2] -> r2[2] x 4\n"
      "history r28 -> r49 x 3\n"
      "r43 = mean[3] r40[]\n"
      "output r20[24] \"observation\"\n",
      {"sensor:gyro"}, 16, 12);
}

// No compiler writes so: registers that are used again, and memory that no carry names.
TEST(Onnx, FollowsEveryRegister) {
  expect_same_observations(
      "registers 12\n"
      "passes 2\n"
      "load r0[4] = qpos\n"
      "load r2 = joint.pos \"hip\"\n"  // into the signal before it
      "r8 = copy[2] r6[]\n"
      "r0 = mul[4] r0[] r0[]\n"
      "r4 = copy[4] r0[]\n"  // r6 and r7 were read above
      "r1 = add[3] r1[] r5\n"
      "r3 = neg r3\n"
      "output r0[10] \"observation\"\n",
      {"qpos", "joint.pos:hip"}, 2, 1);
}

std::string refusal(const Bundle& bundle) {
  const Result<std::string> bytes = to_onnx(bundle);
  EXPECT_FALSE(bytes);
  return bytes ? "" : bytes.error().message;
}

TEST(Onnx, RefusesWhatHoldsItsActions) {
  Random random(3);
  Bundle bundle = untrained_bundle({gaussian(5), flow(5)}, 4, random);
  bundle.contract.layers[0].skill = "navigate";
  EXPECT_THAT(refusal(bundle), HasSubstr("`navigate` holds its action for 4 control steps"));
}

TEST(Onnx, RefusesWhatIsDrawn) {
  const InstructionProgram program = program_of(
      "registers 5\n"
      "constant r0 = 1\n"
      "load r1 = time\n"
      "r2 = draw_normal r1 r0\n"
      "output r2 \"observation\"\n");
  EXPECT_THAT(refusal(bundle_of({gaussian(1)}, program)), HasSubstr("draw_normal"));
}

// Names and units of a signal's coordinates are there for whoever reads the file.
TEST(Onnx, SaysWhatItIs) {
  Bundle bundle = bundle_of({sampler(5)}, program_of(whole));
  bundle.contract.joints = {{.name = "slider", .type = JointContract::Type::slide, .qpos = 0},
                            {.name = "ball", .type = JointContract::Type::ball, .qpos = 1, .qvel = 1}};
  bundle.contract.layers[0].noise_set = 1;
  bundle.weights[0].noise = {0.5f, -1, 2};
  const Result<std::string> bytes = to_onnx(bundle);
  ASSERT_TRUE(bytes) << bytes.error().message;
  for (const char* text :
       {"untrained", R"({"qpos":{"names":["slider","ball[0]","ball[1]","ball[2]","ball[3]"],)",
        R"("units":["m","","","",""]}})", R"(["motor_0","motor_1","motor_2"])", "[[0.5,-1,2]]"})
    EXPECT_THAT(*bytes, HasSubstr(text));
}

TEST(Onnx, CallsInputsApart) {
  const InstructionProgram program = program_of(
      "registers 5\n"
      "load r0 = joint.pos \"hip\"\n"
      "load r1 = joint.pos \"hip\"\n"
      "load r2 = contact \"foot\" \"floor\"\n"
      "output r0[3] \"observation\"\n");
  expect_same_episode(bundle_of({gaussian(3)}, program),
                      {"joint.pos:hip", "joint.pos:hip'", "contact:foot:floor"});
}

}  // namespace
}  // namespace motet
