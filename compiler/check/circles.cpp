#include "compiler/check/circles.h"

#include <algorithm>

namespace motet::checking {

namespace {

// A dense knot of declarations has more circles than anyone reads.
constexpr int most_circles = 20;

class Walk {
 public:
  Walk(std::vector<Declared>& all, Report& report)
      : all_(all), report_(report), state_(all.size(), State::unseen) {}

  std::vector<DeclaredId> run() {
    for (DeclaredId id = 0; id < all_.size(); ++id)
      if (state_[id] == State::unseen) descend(id);
    return std::move(order_);
  }

 private:
  enum class State : char { unseen, open, done };
  struct Visit {
    DeclaredId id;
    std::size_t next = 0;
  };

  // Depth first with a stack of its own: chains are as long as a program.
  void descend(DeclaredId root) {
    stack_.push_back({root});
    state_[root] = State::open;
    while (!stack_.empty()) {
      Visit& top = stack_.back();
      Declared& declared = all_[top.id];
      if (top.next < declared.uses.size()) {
        const DeclaredId below = declared.uses[top.next++];
        if (state_[below] == State::open) found(below);
        if (state_[below] != State::unseen) continue;
        state_[below] = State::open;
        stack_.push_back({below});
        continue;
      }
      for (const DeclaredId below : declared.uses)
        declared.circular = declared.circular || all_[below].circular;
      state_[top.id] = State::done;
      order_.push_back(top.id);
      stack_.pop_back();
    }
  }

  void found(DeclaredId again) {
    const auto first = std::ranges::find(stack_, again, &Visit::id);
    for (auto visit = first; visit != stack_.end(); ++visit) all_[visit->id].circular = true;
    if (++circles_ <= most_circles) complain(again, first);
  }

  void complain(DeclaredId again, std::vector<Visit>::const_iterator first) {
    std::vector<std::string> path;
    for (auto visit = first; visit != stack_.end(); ++visit) path.push_back(all_[visit->id].name->text);
    Declared& declared = all_[again];
    const bool skills = declared.kind == Declared::Kind::skill;
    Diagnostic diagnostic{
        .code = skills ? Code::M0201 : Code::M0306,
        .message = ticked(path[0]) + (path.size() == 1 ? " is made of itself"
                                                       : " is made of itself, through " +
                                                             ticked_list({path.begin() + 1, path.end()})),
        .primary = {declared.name->span, ""}};
    std::size_t shown = 0;
    for (auto visit = first + 1; visit != stack_.cend() && shown < 8; ++visit, ++shown)
      diagnostic.secondary.push_back(
          {all_[visit->id].name->span, "used by " + ticked(all_[(visit - 1)->id].name->text)});
    diagnostic.help.push_back(skills ? "a skill stands on skills that are there before it"
                                     : "there is no recursion: what is declared must come to an end");
    report_.add(std::move(diagnostic));
  }

  std::vector<Declared>& all_;
  Report& report_;
  std::vector<State> state_;
  std::vector<Visit> stack_;
  std::vector<DeclaredId> order_;
  int circles_ = 0;
};

}  // namespace

std::vector<DeclaredId> order_and_find_circles(std::vector<Declared>& all, Report& report) {
  return Walk(all, report).run();
}

}  // namespace motet::checking
