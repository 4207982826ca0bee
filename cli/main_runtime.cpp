// The whole program: every command.

#include "cli/command.h"

int main(int argc, char** argv) {
  return motet::cli::run_command_line({argv + 1, argv + argc});
}
