#include "compiler/check/assemble.h"

namespace motet::checking {

namespace {

std::vector<std::size_t> below(const CheckedSkill& skill) {
  std::vector<std::size_t> indices;
  for (const SkillUse& part : skill.parts) indices.push_back(part.skill);
  if (skill.lower) indices.push_back(skill.lower->skill);
  if (skill.start) indices.push_back(skill.start->skill);
  return indices;
}

void renumber(CompositionNode& node, const std::vector<std::size_t>& number) {
  if (node.kind == CompositionNode::Kind::skill) node.skill = number[node.skill];
  for (CompositionNode& child : node.children) renumber(child, number);
}

}  // namespace

PolicyGraph assemble(Context& context, Skills& skills) {
  PolicyGraph graph;
  graph.program = context.program.modules[context.program.main].path;
  for (CheckedRobot& robot : context.robots) {
    graph.robots.push_back(std::move(robot.node));
    graph.robots.back().imported = context.scope[robot.id].module != context.program.main;
  }
  for (const CheckedWorld& world : context.worlds) {
    graph.worlds.push_back(world.node);
    graph.worlds.back().robot = world.robot->index;
    graph.worlds.back().imported = context.scope[world.id].module != context.program.main;
  }
  graph.rewards = skills.rewards();

  auto& all = skills.all();
  std::vector<bool> wanted(all.size(), false);
  for (std::size_t i = all.size(); i-- > 0;) {
    wanted[i] = !all[i].phantom && (wanted[i] || all[i].root);
    if (!wanted[i]) continue;
    for (const std::size_t lower : below(all[i])) wanted[lower] = true;
  }
  std::vector<std::size_t> number(all.size(), 0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!wanted[i]) continue;
    number[i] = graph.skills.size();
    SkillNode node = std::move(all[i].node);
    if (node.over) node.over = number[*node.over];
    if (node.start_from) node.start_from = number[*node.start_from];
    if (node.composition) renumber(*node.composition, number);
    graph.skills.push_back(std::move(node));
  }
  return graph;
}

}  // namespace motet::checking
