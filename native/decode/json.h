/* SPDX-License-Identifier: MIT
 *
 * Structs and batches as JSON text, by the rules of docs/client-protocol.md, "Encoding json".
 */
#ifndef STRUCTWIRE_DECODE_JSON_H
#define STRUCTWIRE_DECODE_JSON_H

#include "layout.h"
#include "text.h"

#include <functional>

namespace structwire {

/* One struct of layout.size() bytes. */
void write_struct(Text &text, const Layout &layout, const uint8_t *bytes);

/* Takes the text written so far and clears it. */
using Flush = std::function<void(Text &)>;

/* A batch record as an array of {"seq","time","value"}, given out in pieces of about piece_bytes, the last
 * one included. Throws Failure("bad_record") when it is none, or one of other structs. */
void write_batch(Text &text, const Layout &layout, const uint8_t *record, size_t length, const Flush &flush);

/* The same for payloads that are JSON, written as they are once they have proved to be JSON, or bytes,
 * written as base64; with "sender" where the batch has one. */
void write_payloads(Text &text, bool json, const uint8_t *record, size_t length, const Flush &flush);

/* Pieces that stay in the second cache; the strings made of them do not need fresh pages of the system each
 * time. */
constexpr size_t piece_bytes = 16384;

/* Whether the bytes are one JSON value in UTF-8; `depth` gets how deep its arrays and objects stand in each
 * other. */
bool is_json(const uint8_t *bytes, size_t length, size_t *depth);

} // namespace structwire
#endif
