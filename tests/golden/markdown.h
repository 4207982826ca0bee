#pragma once

// The little of Markdown that the tests of the documentation look at: fences, links, headings.

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace motet::testing {

// ```motet error=M0214 ... ```
struct Fence {
  std::string language;                           // "motet"
  std::map<std::string, std::string> attributes;  // "error" -> "M0214"; a bare word -> ""
  std::string text;                               // without the fence's own indentation
  std::size_t line = 0;                           // of the opening, from one
  std::size_t end = 0;                            // of the closing
  std::string indentation;

  bool has(const std::string& attribute) const { return attributes.count(attribute) > 0; }
  std::string get(const std::string& attribute) const {
    return has(attribute) ? attributes.at(attribute) : "";
  }
};

struct Link {
  std::string target;
  std::size_t line = 0;
};

struct Page {
  std::filesystem::path path;
  std::vector<std::string> lines;
  std::vector<Fence> fences;
  std::vector<Link> links;
  std::set<std::string> anchors;
  bool closed = true;  // no fence is left open
};

inline std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A heading's anchor: lower case, words joined by hyphens, punctuation dropped.
inline std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) || c == '-' || c == '_' || u >= 0x80)
      anchor += static_cast<char>(std::tolower(u));
    else if (c == ' ')
      anchor += '-';
  }
  return anchor;
}

inline void open_fence(Fence& fence, const std::string& line, std::size_t number) {
  fence = {};
  fence.line = number;
  const std::size_t ticks = line.find("```");
  fence.indentation = line.substr(0, ticks);
  std::stringstream words(line.substr(ticks + 3));
  words >> fence.language;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    fence.attributes[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
  }
}

inline void add_links(Page& page, std::string line, std::size_t number) {
  static const std::regex code("`[^`]*`"), link(R"(\]\(([^)\s]+)(\s+"[^"]*")?\))"),
      html(R"re((?:src|href)="([^"]+)")re");
  line = std::regex_replace(line, code, "");
  for (const std::regex& form : {link, html})
    for (std::sregex_iterator i(line.begin(), line.end(), form), end; i != end; ++i)
      page.links.push_back({(*i)[1].str(), number});
}

inline Page read_page(const std::filesystem::path& path) {
  Page page;
  page.path = path;
  std::ifstream in(path, std::ios::binary);
  Fence fence;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    page.lines.push_back(line);
    const std::size_t number = page.lines.size();
    const std::size_t first = line.find_first_not_of(' ');
    const bool ticks = first != std::string::npos && line.compare(first, 3, "```") == 0;
    if (ticks && !inside) {
      open_fence(fence, line, number);
    } else if (ticks) {
      fence.end = number;
      page.fences.push_back(fence);
    } else if (inside) {
      fence.text +=
          (line.starts_with(fence.indentation) ? line.substr(fence.indentation.size()) : line) + "\n";
    } else {
      if (line.starts_with("#")) page.anchors.insert(anchor_of(line.substr(line.find_first_not_of("# "))));
      add_links(page, line, number);
    }
    if (ticks) inside = !inside;
  }
  page.closed = !inside;
  return page;
}

}  // namespace motet::testing
