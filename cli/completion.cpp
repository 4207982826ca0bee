#include <iostream>

#include "cli/command.h"

namespace motet::cli {

namespace {

std::string words_of(const Command& command) {
  std::string words = "--help";
  for (const Option& option : command.options) words += " " + std::string(option.name);
  return words;
}

std::string names() {
  std::string all;
  for (const Command& command : commands()) all += (all.empty() ? "" : " ") + std::string(command.name);
  return all;
}

std::string bash_script() {
  std::string script =
      "_motet() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]}\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W \"" +
      names() +
      "\" -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"$word\" in\n"
      "    -*)\n"
      "      case \"${COMP_WORDS[1]}\" in\n";
  for (const Command& command : commands())
    script += "        " + std::string(command.name) + ") COMPREPLY=($(compgen -W \"" + words_of(command) +
              "\" -- \"$word\")) ;;\n";
  script +=
      "      esac ;;\n"
      "    *) [ \"${COMP_WORDS[1]}\" = help ] && COMPREPLY=($(compgen -W \"" +
      names() +
      "\" -- \"$word\")) ;;\n"
      "  esac\n"
      "}\n"
      "complete -o default -F _motet motet\n";
  return script;
}

std::string zsh_script() {
  return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script();
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("\\'") : std::string(1, c);
  return result + "'";
}

std::string fish_script() {
  std::string script;
  for (const Command& command : commands()) {
    const std::string name(command.name);
    script +=
        "complete -c motet -n __fish_use_subcommand -f -a " + name + " -d " + quoted(command.summary) + "\n";
    for (const Option& option : command.options)
      script += "complete -c motet -n '__fish_seen_subcommand_from " + name + "' -l " +
                std::string(option.name.substr(2)) +
                (option.letter != 0 ? std::string(" -s ") + option.letter : "") +
                (option.value.empty() ? "" : " -r") + " -d " + quoted(option.help) + "\n";
  }
  return script;
}

int run(const Arguments& arguments) {
  const std::string& shell = arguments.positional[0];
  if (shell == "bash") {
    std::cout << bash_script();
  } else if (shell == "zsh") {
    std::cout << zsh_script();
  } else if (shell == "fish") {
    std::cout << fish_script();
  } else {
    complain("there is completion for bash, zsh and fish, not for `" + shell + "`");
    return wrong_usage;
  }
  return done;
}

}  // namespace

Command completion_command() {
  return {
      .name = "completion",
      .operands = "bash|zsh|fish",
      .summary = "print a script that completes commands and options",
      .description = "The script goes to standard output.",
      .options = {},
      .examples = {{"source <(motet completion bash)", "completion in this shell"},
                   {"motet completion fish > ~/.config/fish/completions/motet.fish", "for good, in fish"}},
      .least = 1,
      .most = 1,
      .run = run};
}

}  // namespace motet::cli
