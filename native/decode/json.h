/* SPDX-License-Identifier: MIT
 *
 * Structs and batches as JSON text, by the rules of docs/client-protocol.md, "Encoding json".
 */
#ifndef STRUCTWIRE_DECODE_JSON_H
#define STRUCTWIRE_DECODE_JSON_H

#include "layout.h"
#include "text.h"

namespace structwire {

/* One struct of layout.size() bytes. */
void write_struct(Text &text, const Layout &layout, const uint8_t *bytes);

/* A batch record as an array of {"seq","time","value"}. Throws Failure("bad_record") when it is none, or one
 * of other structs. */
void write_batch(Text &text, const Layout &layout, const uint8_t *record, size_t length);

/* The same for payloads that are JSON, written as they are once they have proved to be JSON, or bytes,
 * written as base64. */
void write_payloads(Text &text, bool json, const uint8_t *record, size_t length);

/* Whether the bytes are one JSON value in UTF-8. */
bool is_json(const uint8_t *bytes, size_t length);

} // namespace structwire
#endif
