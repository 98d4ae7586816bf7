/* SPDX-License-Identifier: MIT
 *
 * The schema as JSON text, in the order and the lines in which `structwire gen` writes it.
 */
#include "written.h"

#include <string.h>

static void write_text(sw_json *json, const char *key, const char *text) {
  if (text == NULL)
    return;
  sw_json_print(json, ",\"%s\":", key);
  sw_json_string(json, text);
}

static void write_quantity(sw_json *json, const char *key, const sw_quantity *value) {
  if (value->kind == SW_NO_QUANTITY)
    return;
  sw_json_print(json, ",\"%s\":", key);
  sw_json_quantity(json, value);
}

static void write_tag(sw_json *json, bool *is_first, const char *name, const char *value) {
  if (value == NULL)
    return;
  sw_json_text(json, *is_first ? ",\"tags\":{" : ",");
  sw_json_string(json, name);
  sw_json_text(json, ":");
  sw_json_string(json, value);
  *is_first = false;
}

static void write_tags(sw_json *json, const sw_described_field *field) {
  const sw_notes *notes = &field->notes;
  bool is_first = true;
  for (uint32_t i = 0; i < notes->tag_count; i++)
    write_tag(json, &is_first, notes->tags[i].name, notes->tags[i].value);
  write_tag(json, &is_first, "time", notes->time ? "" : NULL);
  write_tag(json, &is_first, "invalid", field->invalid);
  write_tag(json, &is_first, "was", notes->was);
  write_tag(json, &is_first, "enum", field->is_tagged && field->of != NULL ? field->of->name : NULL);
  write_tag(json, &is_first, "bytes", notes->bytes ? "" : NULL);
  write_tag(json, &is_first, "count", notes->count);
  if (!is_first)
    sw_json_text(json, "}");
}

static void write_field(sw_json *json, const sw_described_field *field) {
  const bool is_named = field->of != NULL && !field->is_tagged;
  sw_json_text(json, "{\"n\":");
  sw_json_string(json, field->name);
  sw_json_text(json, ",\"t\":");
  sw_json_string(json, is_named ? field->of->name : sw_scalar_name(field->scalar));
  sw_json_print(json, ",\"o\":%u", (unsigned)field->offset);
  for (uint32_t d = 0; d < field->rank; d++)
    sw_json_print(json, "%s%u", d == 0 ? ",\"d\":[" : ",", (unsigned)field->dims[d]);
  if (field->rank > 0)
    sw_json_text(json, "]");
  if (field->bit_bytes != 0)
    sw_json_print(json, ",\"b\":[%u,%u,%u]", field->bit_bytes, field->bit_shift, field->bit_width);
  write_text(json, "u", field->notes.unit);
  write_quantity(json, "min", &field->min);
  write_quantity(json, "max", &field->max);
  write_quantity(json, "step", &field->step);
  write_quantity(json, "def", &field->def);
  write_text(json, "doc", field->notes.doc);
  if (field->alternative != 0)
    sw_json_print(json, ",\"alt\":%u", (unsigned)field->alternative);
  write_tags(json, field);
  sw_json_text(json, "}");
}

static void write_cdr(sw_json *json, const sw_described *type) {
  sw_cdr_pad pads[SW_MAX_CDR_PADS + 1];
  uint32_t count;
  if (!sw_layout_cdr(type, pads, &count))
    return;
  if (count == 0) {
    sw_json_text(json, ",\"cdr\":true");
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    sw_json_text(json, i == 0 ? ",\"cdrPads\":[[" : ",[");
    sw_json_string(json, pads[i].type->name);
    sw_json_print(json, ",%u,%u]", (unsigned)pads[i].offset, (unsigned)pads[i].length);
  }
  sw_json_text(json, "]");
}

static void write_struct(sw_json *json, const sw_described *type) {
  sw_arena arena = {0};
  uint32_t gap_count = 0;
  char hash[17] = "";
  const sw_pad *gaps = sw_layout_gaps(type, &arena, &gap_count);
  json->failed = json->failed || gaps == NULL || !sw_layout_hash(type, hash);
  sw_json_print(json, "{\"k\":\"struct\",\"size\":%u,\"hash\":\"%s\"", (unsigned)type->size, hash);
  write_text(json, "doc", type->notes.doc);
  for (uint32_t i = 0; gaps != NULL && i < gap_count; i++) {
    sw_json_print(json, "%s[%u,%u]", i == 0 ? ",\"pads\":[" : ",", (unsigned)gaps[i].offset,
                  (unsigned)gaps[i].length);
  }
  if (gap_count > 0)
    sw_json_text(json, "]");
  write_cdr(json, type);
  sw_json_text(json, ",\"f\":[\n");
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (i > 0)
      sw_json_text(json, ",\n");
    write_field(json, &type->fields[i]);
  }
  sw_json_text(json, "\n]}");
  sw_arena_free(&arena);
}

static void write_enum(sw_json *json, const sw_described *type) {
  sw_json_print(json, "{\"k\":\"enum\",\"t\":\"%s\",\"v\":{", sw_scalar_name(type->scalar));
  for (uint32_t i = 0; i < type->field_count; i++) {
    sw_json_text(json, i == 0 ? "" : ",");
    sw_json_string(json, type->labels[i].name);
    sw_json_text(json, ":");
    sw_json_quantity(json, &type->labels[i].value);
  }
  sw_json_text(json, "}");
  const char *before = ",\"vdoc\":{";
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (type->labels[i].doc == NULL)
      continue;
    sw_json_text(json, before);
    sw_json_string(json, type->labels[i].name);
    sw_json_text(json, ":");
    sw_json_string(json, type->labels[i].doc);
    before = ",";
  }
  if (strcmp(before, ",") == 0)
    sw_json_text(json, "}");
  write_text(json, "doc", type->notes.doc);
  sw_json_text(json, "}");
}

static void write_message(sw_json *json, const char *before, const char *name, const char *role,
                          const char *type) {
  sw_json_text(json, before);
  sw_json_text(json, "{\"name\":");
  sw_json_string(json, name);
  sw_json_print(json, ",\"role\":\"%s\",\"type\":", role);
  sw_json_string(json, type);
  sw_json_text(json, "}");
}

void sw_schema_write(sw_json *json, const sw_described *types, const sw_described *const *messages,
                     uint32_t message_count) {
  sw_json_print(json, "{\"v\":1,\"endian\":\"%s\",\"types\":{\n",
                sw_described_is_little_endian() ? "le" : "be");
  for (const sw_described *type = types; type != NULL; type = type->next) {
    sw_json_string(json, type->name);
    sw_json_text(json, ":");
    if (type->is_enum)
      write_enum(json, type);
    else
      write_struct(json, type);
    sw_json_text(json, type->next == NULL ? "\n" : ",\n");
  }
  sw_json_text(json, "},\"messages\":[\n");
  const char *before = "";
  for (uint32_t i = 0; i < message_count; i++) {
    const sw_notes *notes = &messages[i]->notes;
    if (notes->role_count == 0)
      write_message(json, before, "*", "channel", messages[i]->name);
    for (uint32_t role = 0; role < notes->role_count; role++)
      write_message(json, role == 0 ? before : ",\n", notes->roles[role].name, notes->roles[role].role,
                    messages[i]->name);
    before = ",\n";
  }
  sw_json_text(json, "\n]}\n");
}
