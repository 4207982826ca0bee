#pragma once

// What a word is by where it stands: units, names after a dot, named arguments. The grammar then
// decides everything on one word of lookahead.

#include <string_view>
#include <vector>

#include "language/token.h"

namespace motet {

// Takes the words of the lexer, without comments, in the order of the text, and
// - splits a number from a unit that is glued to it (20Hz), and makes a name on the line of the number
//   before it a Unit: newlines have no other meaning;
// - makes a keyword after a dot or after `import` a Name;
// - makes a name that stands before a value in the parentheses of a call an ArgumentName (kp 1.2);
// - drops a comma before a closing bracket;
// - marks the first word of each line.
std::vector<Token> refine_words(const std::vector<Token>& words, std::string_view text);

}  // namespace motet
