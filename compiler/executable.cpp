#include "compiler/executable.h"

namespace motet {

namespace {

Diagnostic stopped(Code code, const SkillNode& skill, Span span, const std::string& what) {
  return {.code = code,
          .message = "`" + skill.name + "` cannot be trained by this version: " + what,
          .primary = {span, ""},
          .notes = {"the program is right, and everything up to its plan works"}};
}

}  // namespace

std::optional<Diagnostic> not_executable(const PolicyGraph& graph, const SkillNode& skill) {
  const SkillSpans& spans = skill.spans;
  if (skill.over)
    return stopped(Code::M0704, skill, spans.over,
                   "standing over `" + graph.skills[*skill.over].name + "` is not learnt yet");
  if (skill.latent == "episode")
    return stopped(Code::M0708, skill, spans.latent, "a latent is not kept for an episode yet");
  if (skill.prior == "gaussian")
    return stopped(Code::M0709, skill, spans.prior, "a Gaussian prior is not used yet");
  return std::nullopt;
}

}  // namespace motet
