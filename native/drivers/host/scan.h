/* SPDX-License-Identifier: MIT
 *
 * Reads numbers and words from a piece of text without ever leaving it.
 */
#ifndef HOST_SCAN_H
#define HOST_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left of the text. Each function below takes from its beginning what it names and returns true, or
 * returns false and leaves the text as it is. Blanks before it are skipped. */
struct scan {
  const char *at;
  const char *end;
};

/* The next line, without its end, which need not be there at the end of the text. */
bool scan_line(struct scan *text, struct scan *line);

/* A decimal number; false also when it does not fit. */
bool scan_u64(struct scan *line, uint64_t *out);

/* The same, and false when it is above the maximum. */
bool scan_u32(struct scan *line, uint32_t *out);

/* A decimal number with or without a fraction. */
bool scan_decimal(struct scan *line, double *out);

/* Characters up to a blank, at least one. */
bool scan_word(struct scan *line, struct scan *word);

/* Exactly this text. */
bool scan_text(struct scan *line, const char *text);

/* Copies a word to a text of `capacity` bytes, cut if need be, and fills the rest with 0. */
void scan_copy(struct scan word, char *out, size_t capacity);

#endif
