#include <iostream>

#include "cli/compilation.h"
#include "cli/text_file.h"
#include "language/format.h"
#include "runtime/archive/archive.h"

namespace motet::cli {

namespace fs = std::filesystem;

namespace {

// A link stays a link, and who may read the file stays as it was.
Status rewrite(const std::string& path, const std::string& text) {
  std::error_code error;
  const fs::path file = fs::canonical(path, error);
  if (error) return Error{"`" + path + "` cannot be written: " + error.message()};
  const fs::perms permissions = fs::status(file, error).permissions();
  if (Status written = write_file(file, text); !written) return written;
  if (!error) fs::permissions(file, permissions, error);
  if (error) return Error{"`" + path + "` cannot be given its permissions: " + error.message()};
  return {};
}

// Parses one file by itself: formatting needs no imports.
int format_file(const std::string& path, bool only_check, bool& differs) {
  const auto text = read_text(path);
  if (!text) return fail(text.error(), wrong_input);
  Compilation parsed;
  const std::uint32_t file = parsed.sources.add(path, *text);
  const syntax::Module module = parse(parsed.sources, file, parsed.diagnostics);
  if (parsed.diagnostics.has_errors()) {
    report(parsed);
    return wrong_input;
  }
  const std::string formatted = format(module, parsed.sources);
  if (formatted == *text) return done;
  differs = true;
  if (only_check) {
    std::cout << path << ": is not formatted\n";
    return done;
  }
  if (const Status written = rewrite(path, formatted); !written) return fail(written.error(), outside_failed);
  std::cout << path << ": formatted\n";
  return done;
}

int run(const Arguments& arguments) {
  const bool only_check = arguments.flag("--check");
  int worst = done;
  bool differs = false;
  for (const std::string& path : arguments.positional)
    worst = std::max(worst, format_file(path, only_check, differs));
  return worst == done && only_check && differs ? static_cast<int>(wrong_input) : worst;
}

}  // namespace

Command fmt_command() {
  return {.name = "fmt",
          .operands = "FILE...",
          .summary = "bring programs into their canonical form",
          .description = "Rewrites each file in place; comments are kept and the meaning does not change.",
          .options = {{"--check", "", "change nothing; status 1 if a file is not formatted"}},
          .examples = {{"motet fmt reaching.motet", "format it"},
                       {"motet fmt --check *.motet", "for a commit hook"}},
          .least = 1,
          .most = 10000,
          .run = run};
}

}  // namespace motet::cli
