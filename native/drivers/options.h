/* SPDX-License-Identifier: MIT
 *
 * The command line that all drivers of this folder share, and what they say when they cannot open.
 */
#ifndef DRIVERS_OPTIONS_H
#define DRIVERS_OPTIONS_H

#include <stdbool.h>
#include <structwire/structwire.h>

struct options {
  const char *program; /* for messages, and the name when none is given */
  const char *name;    /* the driver's name; points into argv */
  bool stdin_eof;      /* end when standard input closes, so that a parent's death ends the driver */
};

/* What options_parse returns when the program is to go on. */
#define OPTIONS_GO_ON (-1)

/* Reads --name NAME, --stdin-eof and --help. `about` is one sentence for the help text. Returns
 * OPTIONS_GO_ON, or the exit code to end with: 0 after --help (on standard output), 2 after a wrong use (said
 * on standard error). */
int options_parse(int argc, char **argv, const char *program, const char *about, struct options *out);

/* Says on standard error why the driver could not be opened and what to do. Reads errno. Returns the exit
 * code, 1. */
int options_open_failed(const struct options *options, sw_status status);

#endif
