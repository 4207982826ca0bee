// The form of diagnostics that tools read.

#include "language/diagnostic.h"
#include "language/json.h"

namespace motet {
namespace {

class Renderer {
 public:
  explicit Renderer(const SourceMap& sources) : sources_(sources) {}

  std::string render(const Diagnostics& diagnostics) {
    json_.begin_object().key("diagnostics").begin_array();
    for (const Diagnostic& diagnostic : diagnostics.all()) render(diagnostic);
    json_.end_array();
    json_.member("errors", std::uint64_t{diagnostics.errors()});
    json_.member("warnings", std::uint64_t{diagnostics.warnings()}).end_object();
    return json_.text() + "\n";
  }

 private:
  void render(const Diagnostic& diagnostic) {
    json_.begin_object();
    json_.member("code", info(diagnostic.code).name);
    json_.member("severity", diagnostic.severity() == Severity::error ? "error" : "warning");
    json_.member("message", diagnostic.message);
    json_.key("primary");
    render(diagnostic.primary);
    json_.key("secondary").begin_array();
    for (const Label& label : diagnostic.secondary) render(label);
    json_.end_array();
    render("notes", diagnostic.notes);
    render("help", diagnostic.help);
    json_.key("fix");
    if (diagnostic.fix) {
      json_.begin_object();
      render(diagnostic.fix->span);
      json_.member("replacement", diagnostic.fix->replacement).end_object();
    } else {
      json_.null();
    }
    json_.end_object();
  }

  void render(const Label& label) {
    json_.begin_object();
    render(label.span);
    json_.member("text", label.text).end_object();
  }

  void render(Span span) {
    json_.member("file", sources_.file(span.file).path());
    render("start", span.file, span.begin);
    render("end", span.file, span.end);
  }

  void render(std::string_view name, std::uint32_t file, std::uint32_t offset) {
    const Position position = sources_.file(file).position(offset);
    json_.key(name).begin_object();
    json_.member("line", position.line)
        .member("column", position.column)
        .member("offset", offset)
        .end_object();
  }

  void render(std::string_view name, const std::vector<std::string>& lines) {
    json_.key(name).begin_array();
    for (const std::string& line : lines) json_.value(line);
    json_.end_array();
  }

  const SourceMap& sources_;
  JsonWriter json_;
};

}  // namespace

std::string render_json(const Diagnostics& diagnostics, const SourceMap& sources) {
  return Renderer(sources).render(diagnostics);
}

}  // namespace motet
