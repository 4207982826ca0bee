#include "runtime/learning/extraction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "runtime/engine/denormals.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/compute_threads.h"
#include "runtime/learning/learner.h"
#include "runtime/learning/lower_layers.h"
#include "runtime/learning/metrics.h"
#include "runtime/learning/native_policy_update.h"
#include "runtime/learning/pace.h"
#include "runtime/learning/skill_energy.h"
#include "runtime/learning/state_union.h"
#include "runtime/learning/streams.h"

namespace motet {
namespace {

constexpr std::int64_t rows_of_log = 20;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A policy, and what it is to become.
class Extraction {
 public:
  static Result<std::unique_ptr<Extraction>> make(const TrainingRequest& request);
  Result<TrainingEnd> run();

 private:
  Extraction(const TrainingRequest& request, const SkillPlan& skill, std::unique_ptr<SkillEnergy> energy,
             StateUnion states);

  Status begin();
  Status resume(const Archive& archive);
  void describe() const;
  void update();
  Status note();  // a row of the log
  Status save();
  void report(bool now);
  void say(const std::string& line) const {
    if (request_.on_message) request_.on_message(skill_.name + ": " + line);
  }

  const TrainingRequest& request_;
  std::string below_;  // digest of the layers below
  const SkillPlan& skill_;
  const ExtractionSettings& settings_;
  std::unique_ptr<SkillEnergy> energy_;
  StateUnion states_;
  Team team_;
  PolicyShape shape_;
  TrainedParameters policy_;
  NativeEnergy native_;
  long chunks_;
  NativePolicyUpdate policy_update_;
  std::vector<float> noise_;
  Random random_;
  std::optional<MetricsLog> log_;
  std::int64_t step_ = 0;
  NativePolicyUpdate::Seen sums_;  // since the last row
  double seen_ = 0, seconds_before_ = 0;
  Pace pace_;
};

std::int64_t particles_of(const SkillPlan& skill) {
  return skill.policy.kind == "sampler" ? skill.extraction.particles : 1;
}

Extraction::Extraction(const TrainingRequest& request, const SkillPlan& skill,
                       std::unique_ptr<SkillEnergy> energy, StateUnion states)
    : request_(request),
      skill_(skill),
      settings_(skill.extraction),
      energy_(std::move(energy)),
      states_(std::move(states)),
      team_(team_size(request.plan->run.threads)),
      shape_(learner_shape(skill).policy_shape()),
      policy_(shape_.parameters(), {.learning_rate = settings_.learning_rate}),
      native_(energy_->native()),
      chunks_(chunks_of_states(settings_.batch, particles_of(skill), team_.members())),
      policy_update_({shape_, settings_.batch, particles_of(skill), chunks_}, policy_, native_,
                     team_.members()),
      noise_(static_cast<std::size_t>(settings_.batch * particles_of(skill) * shape_.action_size)),
      random_(request.seed, stream_updates) {
  Random first(request.seed, stream_networks);
  initialize_policy(shape_, policy_.values(), first);
  policy_update_.reload();
}

Result<std::unique_ptr<Extraction>> Extraction::make(const TrainingRequest& request) {
  const SkillPlan& skill = *request.plan->find(request.skill);
  std::optional<Archive> checkpoint;
  if (request.resume && std::filesystem::exists(checkpoint_file(request.folder))) {
    Result<Archive> archive = read_checkpoint(request.folder, skill, request.seed);
    if (!archive) return archive.error();
    checkpoint = std::move(*archive);
  }
  auto energy = SkillEnergy::load(*request.plan, skill, request.folder_of);
  if (!energy) return energy.error();
  auto states = StateUnion::load(skill, **energy, request.folder_of);
  if (!states) return states.error();
  auto below = lower_layers_digest(*request.plan, skill, request.folder_of);
  if (!below) return below.error();
  std::unique_ptr<Extraction> made(new Extraction(request, skill, std::move(*energy), std::move(*states)));
  made->below_ = std::move(*below);
  const Status ready = checkpoint ? made->resume(*checkpoint) : made->begin();
  if (!ready) return ready.error();
  return made;
}

// "Q = 0.5 left + 0.5 bottom at temperature 0.1, on 400000 states of left, bottom".
void Extraction::describe() const {
  std::string text, seen;
  const auto number = [](double value) {
    char digits[40];
    std::snprintf(digits, sizeof digits, "%.4g", value);
    return std::string(digits);
  };
  for (std::size_t i = 0; i < energy_->parts().size(); ++i) {
    const SkillEnergy::Part& part = energy_->parts()[i];
    text += (i > 0 ? " + " : "") + number(energy_->weights()[i]) + " " + part.skill->name;
    seen += (i > 0 ? ", " : "") + part.skill->name;
  }
  say((energy_->is_mean() ? "Q = " + text : skill_.composition) + " at temperature " +
      number(energy_->temperature()));
  say("on " + std::to_string(states_.count()) + " states of " + seen);
}

Status Extraction::begin() {
  std::error_code error;
  std::filesystem::remove(checkpoint_file(request_.folder), error);
  if (error)
    return Error{"`" + checkpoint_file(request_.folder).string() + "` cannot be removed: " + error.message()};
  Result<MetricsLog> log = MetricsLog::open(request_.folder, {});
  if (!log) return log.error();
  log_ = std::move(*log);
  describe();
  return {};
}

Status Extraction::resume(const Archive& archive) {
  Random::State random{};
  MetricsPosition position;
  const Status all[] = {archive.get_value("extraction/step", step_),
                        archive.get_value("extraction/seconds", seconds_before_),
                        archive.get_value("extraction/random", random),
                        archive.get_value("extraction/sums", sums_),
                        archive.get_value("extraction/seen", seen_),
                        archive.get_value("trainer/metrics", position),
                        check_lower_layers(archive, skill_, below_),
                        policy_.restore(archive, "policy")};
  for (const Status& status : all) {
    if (!status) return status;
  }
  if (step_ < 0 || step_ > settings_.steps)
    return Error{"`" + checkpoint_file(request_.folder).string() + "` is at update " + std::to_string(step_) +
                 " of " + std::to_string(settings_.steps) + "; leave `--resume` out to extract it again"};
  random_.restore(random);
  policy_update_.reload();
  Result<MetricsLog> log = MetricsLog::open(request_.folder, position);
  if (!log) return log.error();
  log_ = std::move(*log);
  say("resumed at update " + std::to_string(step_));
  return {};
}

Result<TrainingEnd> Extraction::run() {
  const std::int64_t row = std::max<std::int64_t>(1, settings_.steps / rows_of_log);
  while (step_ < settings_.steps) {
    if (request_.interrupt != nullptr && request_.interrupt->load()) {
      if (Status status = save(); !status) return status.error();
      return TrainingEnd::interrupted;
    }
    update();
    const bool last = step_ == settings_.steps;
    if (last || step_ % row == 0) {
      if (Status status = note(); !status) return status.error();
    }
    if (last || step_ % skill_.train.checkpoint_interval == 0) {
      if (Status status = save(); !status) return status.error();
    }
    report(last);
  }
  return TrainingEnd::finished;
}

void Extraction::update() {
  for (std::int64_t i = 0; i < settings_.batch; ++i)
    states_.draw(random_,
                 std::span(policy_update_.state(i), static_cast<std::size_t>(shape_.observation_size)));
  random_.fill_normal(noise_);
  team_.each(chunks_, [&](long chunk, int member) {
    const FlushDenormals flush;
    policy_update_.rows({settings_.batch * chunk / chunks_, settings_.batch * (chunk + 1) / chunks_}, noise_,
                        member);
  });
  policy_.begin_step();
  team_.each(static_cast<long>(policy_update_.parts()), [&](long task, int) {
    const FlushDenormals flush;
    policy_update_.part(static_cast<std::size_t>(task));
  });
  ++step_;
  const NativePolicyUpdate::Seen seen = policy_update_.seen();
  sums_.energy += seen.energy;
  sums_.entropy += seen.entropy;
  sums_.loss += seen.loss;
  ++seen_;
}

Status Extraction::note() {
  if (!std::isfinite(sums_.loss)) {
    return Error{"`" + skill_.name + "` diverged before update " + std::to_string(step_) +
                 ": the policy's loss is no longer a finite number. A lower `learning_rate` may help"};
  }
  const std::vector<Metric> metrics = {{"updates", static_cast<double>(step_)},
                                       {"environment_steps", 0},
                                       {"seconds", seconds_before_ + pace_.seconds()},
                                       {"energy", sums_.energy / seen_},
                                       {"entropy", sums_.entropy / seen_},
                                       {"loss/actor", sums_.loss / seen_}};
  sums_ = {};
  seen_ = 0;
  if (request_.on_evaluation) request_.on_evaluation(step_, metrics);
  return log_->add(step_, metrics);
}

Status Extraction::save() {
  if (!policy_.finite())
    return Error{"`" + skill_.name + "` diverged at update " + std::to_string(step_) +
                 ": a parameter is no longer a finite number. A lower `learning_rate` may help"};
  if (Status status = log_->sync(); !status) return status;
  Archive archive;
  sign_checkpoint(archive, skill_, request_.seed);
  sign_lower_layers(archive, below_);
  archive.put_value("extraction/step", step_);
  archive.put_value("extraction/seconds", seconds_before_ + pace_.seconds());
  archive.put_value("extraction/random", random_.state());
  archive.put_value("extraction/sums", sums_);
  archive.put_value("extraction/seen", seen_);
  archive.put_value("trainer/metrics", log_->position());
  archive.put<float>("policy/noise", std::vector<float>());
  policy_.save(archive, "policy");
  return archive.write(checkpoint_file(request_.folder));
}

void Extraction::report(bool now) {
  if (!request_.on_progress || !(pace_.mark(step_) || now)) return;
  Progress progress;
  progress.skill = skill_.name;
  progress.step = step_;
  progress.steps = settings_.steps;
  progress.updates = step_;
  progress.steps_per_second = pace_.steps_per_second();
  progress.seconds_left = progress.steps_per_second > 0
                              ? static_cast<double>(progress.steps - step_) / progress.steps_per_second
                              : 0;
  progress.train_return = progress.success_rate = progress.eval_return = nan;
  progress.temperature = energy_->temperature();
  progress.entropy = nan;
  request_.on_progress(progress);
}

}  // namespace

Result<TrainingEnd> extract(const TrainingRequest& request) {
  auto extraction = Extraction::make(request);
  if (!extraction) return extraction.error();
  return (*extraction)->run();
}

}  // namespace motet
