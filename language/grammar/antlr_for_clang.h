#pragma once

// Included before all else where the runtime's headers do not compile as they are: the default
// constructor of antlr4::dfa::Vocabulary in 4.9 leaves constant members out, which g++ lets pass and
// clang does not. InterpreterData is the one user of it.

#include "Vocabulary.h"
#include "atn/ATN.h"

#define vocabulary vocabulary = dfa::Vocabulary::EMPTY_VOCABULARY
#include "misc/InterpreterDataReader.h"
#undef vocabulary
