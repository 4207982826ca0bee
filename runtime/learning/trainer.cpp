#include "runtime/learning/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/archive/memory.h"
#include "runtime/learning/checkpoint.h"
#include "runtime/learning/compute_threads.h"
#include "runtime/learning/joined_layers.h"
#include "runtime/learning/lower_layers.h"
#include "runtime/learning/states_file.h"
#include "runtime/learning/streams.h"

namespace motet {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// More than the replay itself is never written between two checkpoints, but for a single step of worlds
// that outnumber it.
std::int64_t most_slack(std::int64_t worlds, std::int64_t capacity) {
  return std::max(worlds, capacity);
}

}  // namespace

std::int64_t replay_capacity(const SkillPlan& skill) {
  return std::min(skill.learning().replay, skill.learning().steps + skill.train.worlds);
}

// --- making -----------------------------------------------------------------------------------

Trainer::Trainer(const TrainingRequest& request, const SkillPlan& skill, Parts parts, ReplayBuffer replay)
    : request_(request),
      skill_(skill),
      settings_(skill.learning()),
      parts_(std::move(parts)),
      replay_(std::move(replay)),
      slots_(static_cast<std::size_t>(settings_.batch)),
      policy_(make_inference(parts_.learner->policy_shape(), parts_.learner->policy_parameters())),
      acting_parameters_(parts_.learner->policy_parameters().size()),
      acting_(make_inference(parts_.learner->policy_shape(), acting_parameters_.values())),
      latents_(skill.latent == "episode"
                   ? static_cast<std::size_t>(skill.train.worlds) * skill.environment.robot.action.size()
                   : 0),
      noise_(skill.sql.noise_reversion, skill.algorithm == "sql" ? skill.sql.noise_scale : 0,
             skill.over.empty() ? 1.0f : std::numeric_limits<float>::infinity(),
             static_cast<std::size_t>(skill.train.worlds) * skill.environment.robot.action.size()),
      batches_(request.seed, stream_batches),
      actions_(request.seed, stream_actions),
      evaluation_return_(nan) {}

Result<std::unique_ptr<Trainer>> Trainer::make(const TrainingRequest& request) {
  const SkillPlan& skill = *request.plan->find(request.skill);
  std::optional<Archive> checkpoint;
  if (request.resume && std::filesystem::exists(checkpoint_file(request.folder))) {
    Result<Archive> archive = read_checkpoint(request.folder, skill, request.seed);
    if (!archive) return archive.error();
    checkpoint = std::move(*archive);
  }
  Result<ReplayBuffer> replay =
      ReplayBuffer::make(replay_capacity(skill), skill.environment.observation_size,
                         static_cast<std::int64_t>(skill.environment.robot.action.size()));
  if (!replay) return replay.error();
  Parts parts;
  const RunSettings& run = request.plan->run;
  parts.team = std::make_unique<Team>(team_size(run.threads));
  parts.alone = std::make_unique<Team>(1);
  Result<std::unique_ptr<Learner>> learner =
      Learner::make(skill, held_steps(*request.plan, skill), request.seed,
                    {.backend = run.backend, .device = run.device}, *parts.team);
  if (!learner) return learner.error();
  parts.learner = std::move(*learner);
  // Worlds that are ahead of the learner leave the team to it.
  Team& team = skill.train.ahead > 0 ? *parts.alone : *parts.team;
  const auto make_world = [&](Random random) -> Result<std::unique_ptr<World>> {
    Result<std::unique_ptr<World>> world = World::make(skill.environment, request.roots, random);
    if (!world) return world;
    Result<std::string> below = embed_lower_layers(*request.plan, skill, request.folder_of, **world);
    if (!below) return below.error();
    parts.below = std::move(*below);
    return world;
  };
  Result<std::unique_ptr<Collector>> collector =
      Collector::make(make_world, request.seed, skill.train.worlds, team);
  if (!collector) return collector.error();
  parts.collector = std::move(*collector);
  Result<std::unique_ptr<World>> world = make_world(Random(request.seed, stream_evaluation));
  if (!world) return world.error();
  parts.evaluation_world = std::move(*world);
  if (request.robot != nullptr) {
    auto robot = RobotExperience::make(*request.robot, request.folder, skill.environment.observation_size,
                                       static_cast<std::int64_t>(skill.environment.robot.action.size()));
    if (!robot) return robot.error();
    parts.robot = std::move(*robot);
  }
  std::unique_ptr<Trainer> trainer(new Trainer(request, skill, std::move(parts), std::move(*replay)));
  const Status ready = checkpoint ? trainer->resume(*checkpoint) : trainer->begin();
  if (!ready) return ready.error();
  return trainer;
}

Status Trainer::start() {
  const SkillPlan& from = *request_.plan->find(skill_.start_from);
  if (layers_started_from(*request_.plan, skill_).size() > 1) {
    const Result<AlignedFloats> joined = join_layers(*request_.plan, skill_, request_.folder_of);
    if (!joined) return joined.error();
    parts_.learner->start_from_policy(joined->values());
    say("starts from `" + from.name + "` and what it stands on, as one policy");
    return {};
  }
  const Result<Archive> archive = read_checkpoint(request_.folder_of(from.name), from);
  if (!archive) return archive.error();
  if (Status status = parts_.learner->start_from(*archive); !status) return status;
  say("starts from `" + from.name + "`");
  return {};
}

Status Trainer::begin() {
  if (!skill_.start_from.empty()) {
    if (Status status = start(); !status) return status;
  }
  // What an earlier training left goes first: a checkpoint without its replay would not be one.
  std::error_code error;
  std::filesystem::remove(checkpoint_file(request_.folder), error);
  if (error)
    return Error{"`" + checkpoint_file(request_.folder).string() + "` cannot be removed: " + error.message()};
  replay_slack_ = std::min(skill_.train.checkpoint_interval + skill_.train.worlds,
                           most_slack(skill_.train.worlds, replay_.capacity()));
  Result<ReplayFile> file = ReplayFile::create(replay_file(request_.folder), replay_layout());
  if (!file) return file.error();
  replay_file_ = std::move(*file);
  Result<MetricsLog> log = MetricsLog::open(request_.folder, {});
  if (!log) return log.error();
  log_ = std::move(*log);
  if (!skill_.over.empty()) {
    const std::int64_t held = held_steps(*request_.plan, skill_);
    say("acts on the latent of `" + skill_.over + "`, which stays as it is" +
        (held > 1 ? "; a step of its own is " + std::to_string(held) + " control steps" : ""));
  }
  say("replay: " + format_bytes(replay_bytes(skill_)) + " for " + std::to_string(replay_.capacity()) +
      " transitions");
  return {};
}

Status Trainer::resume(const Archive& archive) {
  std::int64_t added = 0;
  Random::State batches{}, actions{};
  MetricsPosition position;
  const Status all[] = {check_lower_layers(archive, skill_, parts_.below),
                        archive.get_value("trainer/step", step_),
                        archive.get_value("trainer/seconds", seconds_before_),
                        archive.get_value("trainer/evaluation_return", evaluation_return_),
                        archive.get_value("trainer/batches", batches),
                        archive.get_value("trainer/actions", actions),
                        noise_.restore(archive, "trainer/noise"),
                        archive.get<float>("trainer/latents", latents_),
                        archive.get_value("trainer/replay_added", added),
                        archive.get_value("trainer/replay_slack", replay_slack_),
                        archive.get_value("trainer/metrics", position),
                        parts_.learner->restore(archive),
                        statistics_.restore(archive),
                        parts_.collector->restore(archive),
                        parts_.evaluation_world->restore(archive, "worlds/evaluation")};
  for (const Status& status : all) {
    if (!status) return status;
  }
  if (parts_.robot)
    if (Status status = parts_.robot->restore(archive); !status) return status;
  // What indices are made of. (Damage is found by checksums; this is for a file that somebody made.)
  const bool sound = step_ >= 0 && added >= 0 && added <= step_ && replay_slack_ >= 1 &&
                     replay_slack_ <= most_slack(skill_.train.worlds, replay_.capacity());
  if (!sound) {
    return Error{"`" + checkpoint_file(request_.folder).string() +
                 "` is at a step that no training comes to; `--force` trains the skill anew"};
  }
  batches_.restore(batches);
  actions_.restore(actions);
  std::error_code none;
  const bool finished = step_ >= settings_.steps &&
                        !std::filesystem::exists(replay_file(request_.folder), none) &&
                        std::filesystem::exists(states_file(request_.folder), none);
  if (!finished) {
    Result<ReplayFile> file = ReplayFile::open(replay_file(request_.folder), replay_layout(), added, replay_);
    if (!file) return Error{file.error().message + "; `--force` trains the skill anew"};
    replay_file_ = std::move(*file);
  }
  Result<MetricsLog> log = MetricsLog::open(request_.folder, position);
  if (!log) return log.error();
  log_ = std::move(*log);
  saved_step_ = step_;
  say("resumed at step " + std::to_string(step_));
  return {};
}

ReplayFile::Layout Trainer::replay_layout() const {
  return {replay_.capacity(), replay_slack_, replay_.row_size(), training_identity(skill_, request_.seed)};
}

std::int64_t Trainer::checkpoint_interval() const {
  return std::min(skill_.train.checkpoint_interval,
                  std::max<std::int64_t>(1, replay_slack_ - skill_.train.worlds));
}

// --- training ---------------------------------------------------------------------------------

Result<TrainingEnd> Trainer::run() {
  while (step_ < settings_.steps) {
    if (request_.interrupt != nullptr && request_.interrupt->load()) {
      if (Status status = save(); !status) return status.error();
      return TrainingEnd::interrupted;
    }
    if (Status status = parts_.robot ? advance_from_robot() : advance(); !status) return status.error();
    const bool last = step_ >= settings_.steps;
    if (last || crossed(skill_.train.eval_interval)) {
      if (Status status = measure(); !status) return status.error();
    }
    if (last || crossed(checkpoint_interval())) {
      if (Status status = save(); !status) return status.error();
    }
    report(last);
  }
  if (Status status = finish(); !status) return status.error();
  if (parts_.robot)
    if (Status status = offer(true); !status) return status.error();
  return TrainingEnd::finished;
}

// What is left behind is whole at any moment: the replay goes when its states are on the disk.
Status Trainer::finish() {
  if (!replay_file_) return {};
  if (Status status = write_states(request_.folder, skill_, request_.seed, replay_); !status) return status;
  std::error_code error;
  std::filesystem::remove(replay_file(request_.folder), error);
  if (error)
    return Error{"`" + replay_file(request_.folder).string() + "` cannot be removed: " + error.message()};
  const std::uintmax_t size = std::filesystem::file_size(states_file(request_.folder), error);
  say("kept for compositions: " + std::to_string(replay_.size()) + " states, " +
      format_bytes(static_cast<std::int64_t>(size)));
  return {};
}

bool Trainer::crossed(std::int64_t interval) const {
  return interval > 0 && step_ / interval != previous_step_ / interval;
}

Error Trainer::diverged(const std::string& what) const {
  return Error{"`" + skill_.name + "` diverged at step " + std::to_string(step_) + ": " + what +
               " is no longer a finite number; " +
               (saved_step_ < 0 ? "there is no checkpoint yet"
                                : "the checkpoint of step " + std::to_string(saved_step_) + " is intact") +
               ". A lower `learning_rate` or a smaller `reward_scale` may help"};
}

// --- saving -----------------------------------------------------------------------------------

// The order keeps the checkpoint before this one whole until this one is: first what a checkpoint
// refers to, in places that the old one does not read; then the checkpoint itself, by a rename.
Status Trainer::save() {
  if (!parts_.learner->finite()) return diverged("a parameter");
  if (Status status = replay_file_->write(replay_); !status) return status;
  if (Status status = log_->sync(); !status) return status;
  Archive archive;
  sign_checkpoint(archive, skill_, request_.seed);
  archive.put_value("trainer/step", step_);
  archive.put_value("trainer/seconds", seconds());
  archive.put_value("trainer/evaluation_return", evaluation_return_);
  archive.put_value("trainer/batches", batches_.state());
  archive.put_value("trainer/actions", actions_.state());
  noise_.save(archive, "trainer/noise");
  archive.put<float>("trainer/latents", latents_);
  sign_lower_layers(archive, parts_.below);
  archive.put_value("trainer/replay_added", replay_.added());
  archive.put_value("trainer/replay_slack", replay_slack_);
  archive.put_value("trainer/metrics", log_->position());
  archive.put_value("policy/temperature", parts_.learner->temperature(step_));
  archive.put<float>("policy/noise", parts_.learner->noise_set(step_));
  parts_.learner->save(archive);
  statistics_.save(archive);
  parts_.collector->save(archive);
  if (parts_.robot) parts_.robot->save(archive);
  parts_.evaluation_world->save(archive, "worlds/evaluation");
  if (Status status = archive.write(checkpoint_file(request_.folder)); !status) return status;
  saved_step_ = step_;
  return {};
}

double Trainer::seconds() const {
  return seconds_before_ + pace_.seconds();
}

std::int64_t Trainer::unstable_episodes() const {
  return parts_.collector->unstable_episodes() + parts_.evaluation_world->unstable_episodes();
}

void Trainer::say(const std::string& line) const {
  if (request_.on_message) request_.on_message(skill_.name + ": " + line);
}

}  // namespace motet
