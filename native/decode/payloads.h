/* SPDX-License-Identifier: MIT
 *
 * Batches for readers that know no layouts: every sample as a payload of its own length.
 */
#ifndef STRUCTWIRE_DECODE_PAYLOADS_H
#define STRUCTWIRE_DECODE_PAYLOADS_H

#include "layout.h"
#include "take.h"

namespace structwire {

/* Where the samples go. */
struct PayloadTarget {
  uint32_t stream;    /* the id that is written into the records */
  uint32_t max_bytes; /* of one record; room for one payload of SW_MAX_SAMPLE_BYTES at least */
};

/* A batch of structs of the layout as batches of their JSON texts; without a layout one of JSON (`json`) or
 * bytes as it is. Samples that are no JSON, and texts above SW_MAX_SAMPLE_BYTES, become gaps of an unknown
 * reason. The records stand one behind the other in memory from `give`, which is zero. Throws
 * Failure("bad_record") when it is no batch, or one of something else, Failure("message_too_large") beyond
 * 256 MiB of text. */
void payloads(const Layout *layout, bool json, const uint8_t *record, size_t length,
              const PayloadTarget &target, const Give &give);

} // namespace structwire
#endif
