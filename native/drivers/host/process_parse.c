/* SPDX-License-Identifier: MIT
 *
 * Reads a line of /proc/PID/stat.
 */
#include <string.h>

#include "processes.h"

static bool skip_words(struct scan *text, int count) {
  struct scan word;
  while (count > 0 && scan_word(text, &word))
    count--;
  return count == 0;
}

/* The last bracket of the text: after the name come only numbers and the state. */
static const char *last_bracket(struct scan text) {
  for (const char *at = text.end; at > text.at; at--) {
    if (at[-1] == ')')
      return at - 1;
  }
  return NULL;
}

bool process_parse(struct scan text, struct process_stat *out) {
  *out = (struct process_stat){0};
  uint32_t pid;
  uint64_t user, system;
  struct scan state;
  const char *close = last_bracket(text);
  if (close == NULL || !scan_u32(&text, &pid) || pid > INT32_MAX || !scan_text(&text, "(") || text.at > close)
    return false;
  out->pid = (int32_t)pid;
  scan_copy((struct scan){text.at, close}, out->name, sizeof out->name);
  text.at = close + 1;
  /* The fields are counted as in proc(5): 3 state, 14 utime, 15 stime, 20 threads, 22 start time, 24 resident
   * pages. */
  if (!scan_word(&text, &state) || !skip_words(&text, 10) || !scan_u64(&text, &user) ||
      !scan_u64(&text, &system) || !skip_words(&text, 4) || !scan_u32(&text, &out->threads) ||
      !skip_words(&text, 1) || !scan_u64(&text, &out->started) || !skip_words(&text, 1) ||
      !scan_u64(&text, &out->pages))
    return false;
  out->state = *state.at;
  out->ticks = user + system;
  return true;
}
