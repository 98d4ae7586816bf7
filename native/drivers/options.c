/* SPDX-License-Identifier: MIT
 *
 * Reads the drivers' command line and explains a failed start.
 */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void print_help(FILE *out, const char *program, const char *about) {
  fprintf(out,
          "Usage: %s [--name NAME] [--stdin-eof]\n\n%s\n\n"
          "  --name NAME   the driver's name, the first level of all its channels (default: %s)\n"
          "  --stdin-eof   end when standard input closes\n"
          "  --help        this text\n\n"
          "The driver listens on drivers/NAME.sock in $STRUCTWIRE_RUNTIME_DIR, else "
          "$XDG_RUNTIME_DIR/structwire,\n"
          "else structwire-UID in the temporary folder. It ends on SIGINT and SIGTERM.\n",
          program, about, program);
}

static int wrong_use(const char *program, const char *what, const char *argument) {
  fprintf(stderr, "%s: %s: %s. See %s --help.\n", program, what, argument, program);
  return 2;
}

int options_parse(int argc, char **argv, const char *program, const char *about, struct options *out) {
  *out = (struct options){.program = program, .name = program};
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      print_help(stdout, program, about);
      return 0;
    }
    if (strcmp(argv[i], "--stdin-eof") == 0) {
      out->stdin_eof = true;
    } else if (strcmp(argv[i], "--name") == 0) {
      if (i + 1 == argc)
        return wrong_use(program, "a name must follow", argv[i]);
      out->name = argv[++i];
    } else if (strncmp(argv[i], "--name=", 7) == 0) {
      out->name = argv[i] + 7;
    } else {
      return wrong_use(program, "unknown argument", argv[i]);
    }
  }
  return OPTIONS_GO_ON;
}

static const char *advice(sw_status status) {
  switch (status) {
  case SW_NAME_INVALID:
    return "Give it 1 to 64 letters, digits or _ . - with --name";
  case SW_NAME_IN_USE:
    return "Stop the driver of that name, or choose another name with --name";
  case SW_PATH_TOO_LONG:
    return "Set STRUCTWIRE_RUNTIME_DIR to a folder with a shorter path";
  case SW_FOLDER_UNSAFE:
    return "Set STRUCTWIRE_RUNTIME_DIR to a folder of your own with mode 0700";
  case SW_SYSTEM_ERROR:
    return "See that the runtime folder ($STRUCTWIRE_RUNTIME_DIR) exists or can be made, and can be written "
           "to";
  default:
    return "Try again";
  }
}

int options_open_failed(const struct options *options, sw_status status) {
  const char *detail = sw_strerror(status);
  if (status == SW_SYSTEM_ERROR)
    detail = strerror(errno); // NOLINT(concurrency-mt-unsafe): no thread has been started yet
  fprintf(stderr, "%s: cannot open the driver \"%s\": %s. %s.\n", options->program, options->name, detail,
          advice(status));
  return 1;
}
