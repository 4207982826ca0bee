#include "compiler/plan_toml_validate.h"

#include <cmath>
#include <map>
#include <set>

#include "compiler/plan/composition.h"
#include "compiler/toml/robot.h"

namespace motet {

namespace {

class SkillValidator {
 public:
  SkillValidator(const SkillPlan& skill, FirstError& error) : skill_(skill), error_(error) {}

  void check() {
    const bool composed = skill_.kind == SkillPlan::Kind::composed;
    require(composed == !skill_.parts.empty(), "a composition, and nothing else, has parts");
    require((skill_.kind == SkillPlan::Kind::imported) == !skill_.from.empty(),
            "`from` belongs to imported skills");
    require((skill_.kind == SkillPlan::Kind::imported) == !skill_.imported_name.empty(),
            "`imported_name` belongs to imported skills");
    check_composition();
    const auto wrong = wrong_with(skill_.environment.robot);
    require(!wrong, wrong.value_or(""));
    check_step(skill_.environment);
    check_resets(skill_.environment);
  }

 private:
  void require(bool condition, const std::string& what) {
    if (!condition) error_.set("skill `" + skill_.name.substr(0, 80) + "`: " + what);
  }

  void check_composition() {
    require(skill_.composition.empty() == skill_.parts.empty(), "its parts and its composition do not agree");
    if (skill_.composition.empty()) return;
    const Result<Composition> composition = parse_composition(skill_.composition);
    require(composition && skills_of(*composition) == skill_.parts,
            "its parts and its composition do not agree");
  }

  void check_output(const InstructionProgram& program, const std::string& which, const std::string& name,
                    std::uint32_t length) {
    const Output* output = program.find(name);
    require(output != nullptr && output->n == length, "the program `" + which + "` has no output `" +
                                                          name.substr(0, 80) + "` of length " +
                                                          std::to_string(length));
  }

  void check_step(const EnvironmentPlan& environment) {
    check_output(environment.step, "step", "observation",
                 static_cast<std::uint32_t>(environment.observation_size));
    const bool learned = skill_.kind == SkillPlan::Kind::learned;
    for (const char* number : {"reward", "end", "success"}) {
      const bool needed = learned && number == std::string_view("reward");
      if (needed || environment.step.find(number) != nullptr)
        check_output(environment.step, "step", number, 1);
    }
    for (const RewardTermPlan& term : environment.reward_terms) {
      check_output(environment.step, "step", "reward." + term.name, 1);
      require(!std::isinf(term.weight), "the weight of a reward is infinite");
    }
    require(environment.observation_names.size() == static_cast<std::size_t>(environment.observation_size),
            "not every coordinate of its observation has a name");
    require(environment.observation_units.empty() ||
                environment.observation_units.size() == environment.observation_names.size(),
            "its observation has not as many units as coordinates");
    for (const std::string& part : environment.part_rewards)
      check_output(environment.step, "step", "part." + part, 1);
    for (const MeasurePlan& measure : environment.measures)
      check_output(environment.step, "step", "measure." + measure.name, 1);
  }

  void check_resets(const EnvironmentPlan& environment) {
    for (const ResetPlan& reset : environment.resets)
      require(reset.offset + reset.value.n <= reset.target.length,
              "a reset sets more numbers than its target has");
  }

  const SkillPlan& skill_;
  FirstError& error_;
};

// Stages name what is trained, once each, after all that it stands on.
void validate_stages(const Plan& plan, const std::map<std::string, const SkillPlan*, std::less<>>& skills,
                     FirstError& error) {
  std::set<std::string> trained;
  for (const StagePlan& stage : plan.stages) {
    for (const std::string& name : stage.skills) {
      const auto found = skills.find(name);
      if (found == skills.end() || trained.contains(name))
        return error.set("a stage names `" + name.substr(0, 80) + "`, which is no skill or was named before");
      std::vector<std::string> below = found->second->parts;
      below.push_back(found->second->over);
      below.push_back(found->second->start_from);
      for (const std::string& lower : below) {
        const auto part = skills.find(lower);
        const bool ready = part == skills.end() || part->second->kind == SkillPlan::Kind::imported ||
                           trained.contains(lower);
        if (!ready) return error.set("a stage has `" + name.substr(0, 80) + "` before what it stands on");
      }
    }
    trained.insert(stage.skills.begin(), stage.skills.end());
  }
  for (const auto& [name, skill] : skills)
    if (skill->kind != SkillPlan::Kind::imported && !trained.contains(name))
      return error.set("no stage has the skill `" + name.substr(0, 80) + "`");
}

}  // namespace

void validate(const Plan& plan, FirstError& error) {
  std::map<std::string, const SkillPlan*, std::less<>> skills;
  std::set<std::string> aliases;
  for (const SkillPlan& skill : plan.skills) {
    std::vector<std::string> below = skill.parts;
    for (const std::string& name : {skill.over, skill.start_from})
      if (!name.empty()) below.push_back(name);
    const std::string named = "skill `" + skill.name.substr(0, 80) + "`";
    for (const std::string& name : below) {
      const auto lower = skills.find(name);
      const std::string pair = named + " stands on `" + name.substr(0, 80) + "`, which ";
      if (lower == skills.end())
        error.set(pair + "does not come before it");
      else if (lower->second->environment.robot.action.size() != skill.environment.robot.action.size())
        error.set(pair + "acts in another space");
    }
    if (skill.name.empty() || !skills.emplace(skill.name, &skill).second)
      error.set("the name `" + skill.name.substr(0, 80) + "` is empty or is there twice");
    for (const std::string& alias : skill.aliases)
      if (!aliases.insert(alias).second) error.set("the alias `" + alias.substr(0, 80) + "` is there twice");
    SkillValidator(skill, error).check();
    if (error) return;
    if (is_too_large(plan, skill)) return error.set(named + ": its composition is too large");
    if (skill.policy.below.size() >= most_layers)
      return error.set(named + ": its policy has too many layers");
    if (!skill.start_from.empty() && layers_started_from(plan, skill).empty())
      return error.set(named + " acts in another space than what it starts from");
  }
  validate_stages(plan, skills, error);
}

}  // namespace motet
