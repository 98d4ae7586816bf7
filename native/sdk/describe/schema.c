/* SPDX-License-Identifier: MIT
 *
 * From described types to a schema like that of `structwire gen`.
 */
#include "schema.h"
#include "record.h"
#include "written.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_BYTES = 256 };

/* Another type with the same role would hide the first. */
static void check_roles(sw_describer *describer, const sw_described *const *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const sw_notes *notes = &messages[i]->notes;
    for (uint32_t role = 0; role < notes->role_count; role++) {
      for (uint32_t other = 0; other <= i; other++) {
        const sw_notes *taken = &messages[other]->notes;
        for (uint32_t at = 0; at < (other == i ? role : taken->role_count); at++) {
          if (strcmp(notes->roles[role].name, taken->roles[at].name) == 0 &&
              strcmp(notes->roles[role].role, taken->roles[at].role) == 0)
            sw_described_refuse(describer, messages[i], NULL, "%s \"%.80s\" is already \"%s\"",
                                notes->roles[role].role, notes->roles[role].name, messages[other]->name);
        }
      }
    }
  }
  /* A role of a type that is no message would be lost. */
  for (const sw_described *type = describer->types; type != NULL; type = type->next) {
    bool is_message = type->notes.role_count == 0;
    for (uint32_t i = 0; i < count; i++)
      is_message = is_message || messages[i] == type;
    if (!is_message)
      sw_described_refuse(describer, type, NULL, "has a role, but SW_SCHEMA does not list it");
  }
}

static const sw_described **take_messages(sw_describer *describer, const sw_schema *schema) {
  const sw_described **messages =
      sw_arena_take(&describer->arena, schema->type_count, sizeof(const sw_described *));
  if (messages == NULL) {
    describer->status = SW_OUT_OF_MEMORY;
    return NULL;
  }
  if (schema->type_count == 0 || schema->type_count > SW_MAX_TYPES)
    sw_described_refuse(describer, NULL, NULL, "has to have 1 to %d types", SW_MAX_TYPES);
  for (uint32_t i = 0; i < schema->type_count && describer->status == SW_OK; i++) {
    messages[i] = sw_described_take(describer, schema->types[i], 0);
    if (messages[i] == NULL)
      return messages;
    if (messages[i]->is_enum)
      sw_described_refuse(describer, messages[i], NULL, "is an enum and no message");
    for (uint32_t other = 0; other < i; other++) {
      if (messages[other] == messages[i])
        sw_described_refuse(describer, messages[i], NULL, "is listed twice");
    }
  }
  if (describer->status == SW_OK)
    check_roles(describer, messages, schema->type_count);
  return messages;
}

static sw_status make_tables(sw_described_schema *made, const sw_described *const *messages, uint32_t count) {
  const sw_type **types = sw_arena_take(&made->arena, count, sizeof(const sw_type *));
  for (uint32_t i = 0; types != NULL && i < count; i++) {
    types[i] = sw_type_make(messages[i], &made->arena);
    if (types[i] == NULL)
      return SW_OUT_OF_MEMORY;
  }
  made->schema.types = types;
  made->schema.type_count = count;
  return types == NULL ? SW_OUT_OF_MEMORY : SW_OK;
}

static sw_status make(sw_described_schema *made, const sw_schema *schema, char *reason) {
  sw_describer describer = {.reason = reason};
  describer.end = &describer.types;
  const sw_described **messages = take_messages(&describer, schema);
  made->arena = describer.arena;
  if (messages == NULL || describer.status != SW_OK)
    return describer.status;
  sw_json json = {0};
  sw_schema_write(&json, describer.types, messages, schema->type_count);
  made->blob = json.text;
  if (json.failed)
    return SW_OUT_OF_MEMORY;
  if (json.length > SW_MAX_HELLO_BYTES / 2u) {
    sw_described_refuse(&describer, NULL, NULL, "is larger than %u bytes", SW_MAX_HELLO_BYTES / 2u);
    return describer.status;
  }
  made->schema.blob = (const uint8_t *)json.text;
  made->schema.blob_size = (uint32_t)json.length;
  return make_tables(made, messages, schema->type_count);
}

sw_status sw_described_schema_init(sw_described_schema *made, const sw_schema *schema, char *reason) {
  reason[0] = '\0';
  /* Numbers are read and written with a point, whatever language the program speaks. */
  const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (plain == (locale_t)0)
    return SW_OUT_OF_MEMORY;
  const locale_t before = uselocale(plain);
  const sw_status status = make(made, schema, reason);
  (void)uselocale(before);
  freelocale(plain);
  return status;
}

void sw_described_schema_fini(sw_described_schema *made) {
  sw_arena_free(&made->arena);
  free(made->blob);
  *made = (sw_described_schema){0};
}

sw_status sw_schema_check(const sw_schema *schema, char *reason) {
  char unread[REASON_BYTES];
  if (reason == NULL)
    reason = unread;
  reason[0] = '\0';
  if (schema == NULL)
    return SW_INVALID_ARGUMENT;
  if (schema->blob != NULL)
    return SW_OK;
  sw_described_schema made = {0};
  const sw_status status = sw_described_schema_init(&made, schema, reason);
  sw_described_schema_fini(&made);
  return status;
}
