#include "language/modules.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

namespace motet {
namespace {

namespace fs = std::filesystem;

// The text of a file, but no more than one byte past the limit: parse() refuses it then.
std::optional<std::string> read_file(const fs::path& path, std::size_t limit) {
  std::error_code error;
  if (fs::is_directory(path, error)) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text(limit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::string dots_to_slashes(std::string path) {
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

// A folder that modules are imported from: where it is, and how messages call it.
struct Root {
  fs::path directory;  // absolute
  fs::path shown;
};

struct Found {
  fs::path path;      // absolute, canonical
  fs::path shown;     // in messages
  fs::path relative;  // to the root; a link may have led elsewhere
  Root root;
};

// The modules below a folder, as `import` names them. Looks at so many entries and no more.
void list_modules(const fs::path& directory, int depth, std::vector<std::string>& names) {
  constexpr int most_entries = 2000;
  std::error_code error;
  fs::recursive_directory_iterator it(directory, fs::directory_options::skip_permission_denied, error);
  for (int seen = 0; !error && it != fs::recursive_directory_iterator() && seen < most_entries;
       it.increment(error), ++seen) {
    const std::string name = it->path().filename().string();
    if (name.starts_with('.') || it.depth() >= depth) it.disable_recursion_pending();
    if (it->path().extension() != ".motet") continue;
    std::string module = it->path().lexically_relative(directory).replace_extension().generic_string();
    std::replace(module.begin(), module.end(), '/', '.');
    names.push_back(std::move(module));
  }
}

class Loader {
 public:
  Loader(const ModuleSearch& search, SourceMap& sources, Diagnostics& diagnostics, const ParseLimits& limits)
      : sources_(sources), diagnostics_(diagnostics), limits_(limits) {
    std::error_code error;
    for (const fs::path& library : search.library) roots_.push_back({fs::absolute(library, error), library});
  }

  Program load(const fs::path& file) {
    std::error_code error;
    fs::path canonical = fs::weakly_canonical(fs::absolute(file, error), error);
    if (error) canonical = file;
    const Root project{canonical.parent_path(), file.parent_path()};
    roots_.insert(roots_.begin(), project);
    const auto text = read_file(canonical, limits_.file_bytes);
    if (!text) {
      const std::uint32_t source = sources_.add(file.string(), "");
      diagnostics_.add({.code = Code::M0001,
                        .message = "`" + file.string() + "` cannot be read",
                        .primary = {{source, 0, 0}, ""}});
    }
    program_.main = load_text({canonical, file, canonical.filename(), project}, text.value_or(""), !text);
    return std::move(program_);
  }

 private:
  struct Open {
    fs::path path;
    std::string shown;
  };

  std::size_t load_text(const Found& found, std::string text, bool failed = false) {
    LoadedModule module;
    module.path = found.path;
    module.directory = found.path.parent_path();
    const auto file = failed ? static_cast<std::uint32_t>(sources_.size() - 1)
                             : sources_.add(found.shown.string(), std::move(text));
    module.syntax.file = file;
    if (!failed) module.syntax = parse(sources_, file, diagnostics_, limits_);
    open_.push_back({found.path, found.shown.string()});
    for (const syntax::Declaration& declaration : module.syntax.declarations)
      if (const auto* import = std::get_if<syntax::Import>(&declaration))
        module.imports.push_back(follow(*import, found));
    open_.pop_back();
    program_.modules.push_back(std::move(module));
    indices_[found.path] = program_.modules.size() - 1;
    return program_.modules.size() - 1;
  }

  std::size_t follow(const syntax::Import& import, const Found& importer) {
    const auto found = import.quoted ? find_quoted(import, importer) : find_named(import);
    if (!found) return LoadedModule::unresolved;
    const auto is_open = [&](const Open& open) { return open.path == found->path; };
    if (const auto open = std::find_if(open_.begin(), open_.end(), is_open); open != open_.end()) {
      cycle(import, static_cast<std::size_t>(open - open_.begin()));
      return LoadedModule::unresolved;
    }
    if (const auto known = indices_.find(found->path); known != indices_.end()) return known->second;
    if (open_.size() >= static_cast<std::size_t>(limits_.nesting)) {
      diagnostics_.add(
          {.code = Code::M0004,
           .message = "imports are nested deeper than the limit of " + std::to_string(limits_.nesting),
           .primary = {import.path_span, ""}});
      return LoadedModule::unresolved;
    }
    auto text = read_file(found->path, limits_.file_bytes);
    if (!text) {
      diagnostics_.add({.code = Code::M0001,
                        .message = "`" + found->shown.string() + "` cannot be read",
                        .primary = {import.path_span, "imported here"}});
      return LoadedModule::unresolved;
    }
    return load_text(*found, std::move(*text));
  }

  void cycle(const syntax::Import& import, std::size_t begin) {
    std::string way;
    for (std::size_t i = begin; i < open_.size(); ++i) way += open_[i].shown + " \u2192 ";
    way += open_[begin].shown;
    diagnostics_.add({.code = Code::M0011,
                      .message = "imports form a cycle: " + way,
                      .primary = {import.path_span, "closes the cycle"},
                      .help = {"move what both need into a module of its own"}});
  }

  static bool exists(const fs::path& path) {
    std::error_code error;
    return fs::exists(path, error) && !fs::is_directory(path, error);
  }

  static Found at(const fs::path& relative, const fs::path& absolute, const Root& root) {
    std::error_code error;
    fs::path canonical = fs::weakly_canonical(absolute, error);
    if (error) canonical = absolute;
    return {canonical, (root.shown / relative).lexically_normal(), relative, root};
  }

  std::optional<Found> find_named(const syntax::Import& import) {
    const fs::path relative = dots_to_slashes(import.path) + ".motet";
    for (const Root& root : roots_)
      if (exists(root.directory / relative)) return at(relative, root.directory / relative, root);
    std::vector<std::string> notes, names;
    const auto depth = static_cast<int>(std::count(import.path.begin(), import.path.end(), '.'));
    for (const Root& root : roots_) {
      notes.push_back("looked for " + (root.shown / relative).string());
      list_modules(root.directory, depth, names);
    }
    missing(import, "there is no module `" + import.path + "`", std::move(notes), names);
    return std::nullopt;
  }

  // Relative to the file that imports, and never out of the folder that this one came from.
  std::optional<Found> find_quoted(const syntax::Import& import, const Found& importer) {
    const fs::path written = import.path;
    const fs::path relative = (importer.relative.parent_path() / written).lexically_normal();
    const bool outside = written.is_absolute() || relative.empty() || *relative.begin() == "..";
    if (outside || import.path.find('\0') != std::string::npos) {
      missing(import, "`" + import.path + "` lies outside of the folder that it is imported from",
              {"imports stay within " + importer.root.directory.string()}, {});
      return std::nullopt;
    }
    const fs::path absolute = importer.root.directory / relative;
    if (exists(absolute)) return at(relative, absolute, importer.root);
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(absolute.parent_path(), error), end; !error && it != end;
         it.increment(error))
      if (it->path().extension() == ".motet")
        names.push_back((written.parent_path() / it->path().filename()).generic_string());
    missing(import, "there is no file `" + import.path + "`",
            {"looked for " + (importer.root.shown / relative).string()}, names);
    return std::nullopt;
  }

  void missing(const syntax::Import& import, std::string message, std::vector<std::string> notes,
               const std::vector<std::string>& names) {
    Diagnostic d{.code = Code::M0010,
                 .message = std::move(message),
                 .primary = {import.path_span, ""},
                 .notes = std::move(notes)};
    if (const auto near = nearest(import.path, names)) {
      d.help = {"did you mean `" + *near + "`?"};
      d.fix = Fix{import.path_span, import.quoted ? "\"" + *near + "\"" : *near};
    }
    diagnostics_.add(std::move(d));
  }

  SourceMap& sources_;
  Diagnostics& diagnostics_;
  const ParseLimits& limits_;
  std::vector<Root> roots_;  // the project, then the library
  std::vector<Open> open_;   // the chain of imports that is being followed
  std::map<fs::path, std::size_t> indices_;
  Program program_;
};

}  // namespace

Program load_program(const fs::path& file, const ModuleSearch& search, SourceMap& sources,
                     Diagnostics& diagnostics, const ParseLimits& limits) {
  return Loader(search, sources, diagnostics, limits).load(file);
}

}  // namespace motet
