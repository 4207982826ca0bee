#pragma once

// Where the checker's findings go. A declaration is elaborated once for every use of it, so the same
// finding comes up again and again: it is reported once for a place.

#include <string>
#include <unordered_set>
#include <vector>

#include "language/diagnostic.h"

namespace motet::checking {

// `text` in backquotes, as names stand in messages.
std::string ticked(std::string_view text);
// "1 number", "3 numbers".
std::string counted(std::size_t count, std::string_view noun);
// To six digits, as a reader wants it: "15.425".
std::string rounded(double value);
// "`a`, `b` and `c`"; past `most`, "`a`, `b` and 7 more".
std::string ticked_list(const std::vector<std::string>& names, std::size_t most = 6);

class Report {
 public:
  explicit Report(Diagnostics& out) : out_(&out) {}

  void add(Diagnostic diagnostic);
  // From now on to another collection.
  void send_to(Diagnostics& out) { out_ = &out; }
  // Errors so far, dropped repetitions and the present Aside's included.
  std::size_t errors() const { return errors_; }

  // Did-you-mean, as help and as a fix at `span`. Costs a look at every candidate, so a program that
  // is wrong everywhere gets it for its first errors only.
  void suggest(Diagnostic& diagnostic, std::string_view name, Span span,
               const std::vector<std::string>& candidates);
  bool may_suggest() const { return suggestions_left_ > 0; }

  // While it lives, findings are collected in it instead of being reported.
  class Aside {
   public:
    explicit Aside(Report& report) : report_(report), outer_(report.aside_), errors_before_(report.errors_) {
      report.aside_ = &taken_;
    }
    ~Aside() {
      report_.aside_ = outer_;
      report_.errors_ = errors_before_;
    }
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;
    std::size_t errors() const { return report_.errors_ - errors_before_; }
    const std::vector<Diagnostic>& taken() const { return taken_; }

   private:
    Report& report_;
    std::vector<Diagnostic>* outer_;
    std::size_t errors_before_;
    std::vector<Diagnostic> taken_;
  };

 private:
  struct Place {
    Code code;
    Span span;
    friend bool operator==(const Place&, const Place&) = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };

  Diagnostics* out_;
  std::vector<Diagnostic>* aside_ = nullptr;
  std::unordered_set<Place, PlaceHash> reported_;
  std::size_t errors_ = 0;
  int suggestions_left_ = 50;
};

}  // namespace motet::checking
