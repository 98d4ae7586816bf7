/* SPDX-License-Identifier: MIT
 *
 * The text reader takes what it names, leaves the rest, and never reads beyond the end.
 */
#include "check.h"
#include "host/scan.h"
#include "host_text.h"

static struct scan over(const char *text) {
  return (struct scan){text, text + strlen(text)};
}

static void takes_numbers_up_to_the_largest(void) {
  uint64_t value = 0;
  struct scan text = over("  18446744073709551615 7");
  CHECK(scan_u64(&text, &value) && value == UINT64_MAX);
  CHECK(scan_u64(&text, &value) && value == 7);
  CHECK(!scan_u64(&text, &value));
}

static void refuses_numbers_that_do_not_fit(void) {
  uint64_t wide = 5;
  uint32_t narrow = 5;
  struct scan text = over("18446744073709551616");
  const char *before = text.at;
  CHECK(!scan_u64(&text, &wide) && wide == 5 && text.at == before);
  text = over("4294967296");
  CHECK(!scan_u32(&text, &narrow) && narrow == 5);
  CHECK(scan_u64(&text, &wide) && wide == 4294967296u);
  text = over("-3");
  CHECK(!scan_u64(&text, &wide));
}

static void takes_fractions(void) {
  double value = 0;
  struct scan text = over("0.25 12 3.x");
  CHECK(scan_decimal(&text, &value) && value == 0.25);
  CHECK(scan_decimal(&text, &value) && value == 12);
  CHECK(scan_decimal(&text, &value) && value == 3);
  CHECK(!scan_decimal(&text, &value));
}

static void takes_lines_with_and_without_an_end(void) {
  struct scan text = over("a\n\nlast"), line;
  CHECK(scan_line(&text, &line) && line.end - line.at == 1);
  CHECK(scan_line(&text, &line) && line.end == line.at);
  CHECK(scan_line(&text, &line) && line.end - line.at == 4);
  CHECK(!scan_line(&text, &line));
}

static void cuts_words_that_are_too_long(void) {
  char name[4];
  struct scan text = over(" sda1  x"), word;
  CHECK(scan_word(&text, &word));
  scan_copy(word, name, sizeof name);
  CHECK(strcmp(name, "sda") == 0);
  scan_copy((struct scan){word.at, word.at}, name, sizeof name);
  CHECK(name[0] == 0 && name[3] == 0);
}

static void stops_at_the_end_of_every_prefix(void) {
  const char *text = "cpu0 12 3.5 word";
  for (size_t length = 0; length <= strlen(text); length++) {
    struct scan all = exact_text(text, length), rest = all, word;
    uint64_t value;
    double decimal;
    scan_text(&rest, "cpu");
    scan_u64(&rest, &value);
    scan_u64(&rest, &value);
    scan_decimal(&rest, &decimal);
    scan_word(&rest, &word);
    CHECK(rest.at >= all.at && rest.at <= all.end);
    drop_text(all);
  }
}

int main(void) {
  takes_numbers_up_to_the_largest();
  refuses_numbers_that_do_not_fit();
  takes_fractions();
  takes_lines_with_and_without_an_end();
  cuts_words_that_are_too_long();
  stops_at_the_end_of_every_prefix();
  return 0;
}
