/* SPDX-License-Identifier: MIT
 *
 * Takes the annotations out of a copy of the text; what remains is the unit and the text for people.
 */
#include "notes.h"
#include "json.h"
#include "name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DOC_BYTES = 600, MAX_UNIT_BYTES = 32, MAX_NAME_BYTES = 255 };

const char sw_notes_no_memory[] = "there was not enough memory";

/* Without white space at its ends, and with one space for each run inside. In place. */
static char *collapse(char *text) {
  char *to = text;
  for (char *from = text; *from != '\0'; from++) {
    if (!isspace((unsigned char)*from))
      *to++ = *from;
    else if (to > text && to[-1] != ' ')
      *to++ = ' ';
  }
  if (to > text && to[-1] == ' ')
    to--;
  *to = '\0';
  return text;
}

bool sw_is_identifier(const char *name) {
  if (isdigit((unsigned char)*name) || *name == '\0')
    return false;
  while (isalnum((unsigned char)*name) || *name == '_' || *name == '$')
    name++;
  return *name == '\0';
}

static const char *complain(const char *name, const char *value, const char *form, sw_arena *arena) {
  char *text = sw_arena_take(arena, 1, 256);
  if (text == NULL)
    return sw_notes_no_memory;
  (void)snprintf(text, 256, "[@%.40s%s%.80s] is not understood; write %s", name, *value != '\0' ? " " : "",
                 value, form);
  return text;
}

static bool read_role(sw_notes *notes, const char *kind, char *value) {
  const char *role = kind;
  if (strcmp(kind, "service") == 0) {
    char *space = strchr(value, ' ');
    if (space == NULL)
      return false;
    *space = '\0';
    role = strcmp(space + 1, "request") == 0 ? "request" : strcmp(space + 1, "reply") == 0 ? "reply" : NULL;
  }
  if (role == NULL || !sw_name_is_path(value, MAX_NAME_BYTES))
    return false;
  notes->roles[notes->role_count++] = (sw_role){value, role};
  return true;
}

static bool read_range(sw_notes *notes, char *value) {
  char *comma = strchr(value, ',');
  if (comma == NULL || strchr(comma + 1, ',') != NULL)
    return false;
  *comma = '\0';
  const char *min = collapse(value);
  const char *max = collapse(comma + 1);
  notes->min = *min != '\0' ? min : NULL;
  notes->max = *max != '\0' ? max : NULL;
  return *min != '\0' || *max != '\0';
}

/* `value` may be cut; `whole` is it as it was written. */
static const char *read_one(sw_notes *notes, const char *name, char *value, const char *whole,
                            sw_arena *arena) {
  const bool is_empty = *value == '\0';
  if (strcmp(name, "channel") == 0)
    return read_role(notes, name, value) ? NULL : complain(name, whole, "[@channel NAME]", arena);
  if (strcmp(name, "parameter") == 0)
    return read_role(notes, name, value) ? NULL : complain(name, whole, "[@parameter NAME]", arena);
  if (strcmp(name, "service") == 0) {
    return read_role(notes, name, value)
               ? NULL
               : complain(name, whole, "[@service NAME request] or [@service NAME reply]", arena);
  }
  if (strcmp(name, "range") == 0)
    return read_range(notes, value) ? NULL : complain(name, whole, "[@range LEAST, GREATEST]", arena);
  if (strcmp(name, "step") == 0) {
    notes->step = value;
    return is_empty ? complain(name, whole, "[@step SIZE]", arena) : NULL;
  }
  if (strcmp(name, "default") == 0) {
    notes->def = value;
    return is_empty ? complain(name, whole, "[@default VALUE]", arena) : NULL;
  }
  if (strcmp(name, "bytes") == 0) {
    notes->bytes = true;
    return is_empty ? NULL : complain(name, whole, "[@bytes]", arena);
  }
  if (strcmp(name, "time") == 0) {
    notes->time = true;
    return is_empty ? NULL : complain(name, whole, "[@time]", arena);
  }
  if (strcmp(name, "invalid") == 0) {
    notes->invalid = value;
    return is_empty ? complain(name, whole, "[@invalid VALUE]", arena) : NULL;
  }
  if (strcmp(name, "was") == 0) {
    notes->was = value;
    return sw_is_identifier(value) ? NULL : complain(name, whole, "[@was OLD_NAME]", arena);
  }
  if (strcmp(name, "count") == 0) {
    notes->count = value;
    return sw_is_identifier(value) ? NULL : complain(name, whole, "[@count MEMBER]", arena);
  }
  if (strcmp(name, "enum") == 0)
    return complain(name, whole, "SW_FIELD_OF(MEMBER, NAME, TEXT)", arena);
  if (strcmp(name, "message") == 0)
    return complain(name, whole, "a role in the text of the type, and the type in SW_SCHEMA", arena);
  for (uint32_t i = 0; i < notes->tag_count; i++) {
    if (strcmp(notes->tags[i].name, name) == 0) {
      notes->tags[i].value = value;
      return NULL;
    }
  }
  notes->tags[notes->tag_count++] = (sw_tag){name, value};
  return NULL;
}

/* A copy of `bytes` bytes with a NUL behind. */
static char *copy_of(const char *text, size_t bytes, sw_arena *arena) {
  char *copy = sw_arena_take(arena, 1, bytes + 1u);
  if (copy != NULL)
    memcpy(copy, text, bytes);
  return copy;
}

/* Reads the annotation at `at` and blanks it; *next is what follows. */
static const char *take_annotation(sw_notes *notes, char *at, char **next, sw_arena *arena) {
  static const char open[] = "an annotation is not closed or has no name";
  char *name_end = at + 2;
  while (isalnum((unsigned char)*name_end) || *name_end == '_' || *name_end == '-')
    name_end++;
  char *end = strchr(name_end, ']');
  if (end == NULL || !isalpha((unsigned char)at[2]))
    return open;
  char *name = copy_of(at + 2, (size_t)(name_end - at - 2), arena);
  char *value = copy_of(name_end, (size_t)(end - name_end), arena);
  char *whole = copy_of(name_end, (size_t)(end - name_end), arena);
  if (name == NULL || value == NULL || whole == NULL)
    return sw_notes_no_memory;
  memset(at, ' ', (size_t)(end + 1 - at));
  *next = end + 1;
  return read_one(notes, name, collapse(value), collapse(whole), arena);
}

/* The unit is the bracket with which the text begins. A bracket of numbers is prose, such as "[0..100]"; [-]
 * and [1] are no unit at all. Returns what follows. */
static char *take_unit(sw_notes *notes, char *text) {
  char *at = text;
  while (isspace((unsigned char)*at))
    at++;
  const size_t inside = *at == '[' ? strcspn(at + 1, "][\n") : 0;
  if (*at != '[' || at[1 + inside] != ']')
    return text;
  char *unit = at + 1;
  size_t bytes = inside;
  while (bytes > 0 && isspace((unsigned char)*unit)) {
    unit++;
    bytes--;
  }
  while (bytes > 0 && isspace((unsigned char)unit[bytes - 1u]))
    bytes--;
  if (bytes > MAX_UNIT_BYTES)
    return text;
  char *behind = at + inside + 2;
  if (bytes == 1 && (*unit == '-' || *unit == '1'))
    return behind;
  if (strspn(unit, "-+0123456789.,:; \t") >= bytes)
    return text;
  unit[bytes] = '\0';
  notes->unit = unit;
  return behind;
}

/* The first paragraph, cut at a word when it is long: texts travel with every connection. */
static void take_doc(sw_notes *notes, char *text) {
  for (char *line = strchr(text, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
    const size_t blank = strspn(line + 1, " \t\r");
    if (line[1u + blank] == '\n' && strspn(text, " \t\r\n") < (size_t)(line - text)) {
      *line = '\0';
      break;
    }
  }
  char *doc = collapse(text);
  if (strlen(doc) > MAX_DOC_BYTES) {
    size_t end = MAX_DOC_BYTES - 4u;
    while (end > 0 && doc[end] != ' ')
      end--;
    memcpy(doc + end, " \xe2\x80\xa6", 5);
  }
  notes->doc = *doc != '\0' ? doc : NULL;
}

bool sw_notes_have_values(const sw_notes *notes) {
  return notes->min != NULL || notes->max != NULL || notes->step != NULL || notes->def != NULL ||
         notes->bytes;
}

const char *sw_notes_read(sw_notes *notes, const char *text, sw_arena *arena) {
  *notes = (sw_notes){0};
  if (!sw_is_utf8(text))
    return "the text is not UTF-8";
  uint32_t count = 0;
  for (const char *at = strstr(text, "[@"); at != NULL; at = strstr(at + 2, "[@"))
    count++;
  if (count > SW_MAX_TAGS)
    return "the text has too many annotations";
  /* "…" at the end of a cut text may need more room than what it replaces. */
  char *rest = sw_arena_take(arena, 1, strlen(text) + 8u);
  notes->tags = sw_arena_take(arena, count, sizeof *notes->tags);
  notes->roles = sw_arena_take(arena, count, sizeof *notes->roles);
  if (rest == NULL || notes->tags == NULL || notes->roles == NULL)
    return sw_notes_no_memory;
  memcpy(rest, text, strlen(text) + 1u);
  for (char *at = strstr(rest, "[@"); at != NULL; at = strstr(at, "[@")) {
    const char *wrong = take_annotation(notes, at, &at, arena);
    if (wrong != NULL)
      return wrong;
  }
  take_doc(notes, take_unit(notes, rest));
  return NULL;
}
