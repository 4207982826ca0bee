#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace motet::cli {

namespace {

std::string number(const char* form, double value) {
  char text[64];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

std::string bar(double part) {
  constexpr int width = 20;
  const int full = static_cast<int>(std::lround(std::min(1.0, std::max(0.0, part)) * width));
  std::string text;
  for (int i = 0; i < width; ++i) text += i < full ? "━" : "─";
  return text;
}

std::size_t columns_of_terminal() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Characters of UTF-8 text.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

enum class Detail { least, evaluation, temperature };

std::string figures(const Progress& progress, Detail detail) {
  std::string text = short_count(static_cast<double>(progress.step)) + "/" +
                     short_count(static_cast<double>(progress.steps)) + " steps";
  if (progress.steps_per_second > 0) text += number("  %.0f/s", progress.steps_per_second);
  if (!std::isnan(progress.train_return)) text += number("  return %.1f", progress.train_return);
  if (detail >= Detail::evaluation && !std::isnan(progress.eval_return))
    text += number(" (evaluated %.1f)", progress.eval_return);
  if (!std::isnan(progress.success_rate)) text += number("  success %.0f %%", 100 * progress.success_rate);
  if (detail >= Detail::temperature && progress.updates > 0)
    text += number("  temperature %.3g", progress.temperature);
  if (progress.seconds_left > 0) text += "  " + clock_text(progress.seconds_left) + " left";
  return text;
}

// What fits into a row of the terminal: a line that wraps could not be drawn over.
std::string fitted(const Progress& progress) {
  const double part =
      progress.steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.steps) : 0;
  const std::size_t columns = columns_of_terminal();
  std::string line = progress.skill + ' ' + bar(part) + ' ' + figures(progress, Detail::temperature);
  for (const Detail detail : {Detail::temperature, Detail::evaluation, Detail::least}) {
    if (width_of(line) < columns) return line;
    line = progress.skill + "  " + figures(progress, detail);
  }
  return line.substr(0, columns - 1);
}

}  // namespace

std::string clock_text(double seconds) {
  const long whole = std::lround(std::max(0.0, seconds));
  char text[32];
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

std::string short_count(double count) {
  if (count >= 1e6) return number("%.2fM", count / 1e6);
  if (count >= 1e4) return number("%.1fk", count / 1e3);
  return number("%.0f", count);
}

void ProgressDisplay::show(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (terminal_) {
    std::cout << "\r\x1b[2K" << fitted(progress) << std::flush;
    drawn_ = true;
    return;
  }
  if (now - last_ < std::chrono::seconds(10) && progress.step < progress.steps) return;
  last_ = now;
  std::cout << progress.skill << "  " << figures(progress, Detail::temperature) << std::endl;
}

void ProgressDisplay::say(const std::string& line) {
  if (drawn_) std::cout << "\r\x1b[2K\r";
  std::cout << line << std::endl;
}

void ProgressDisplay::end() {
  if (drawn_) std::cout << std::endl;
  drawn_ = false;
}

}  // namespace motet::cli
