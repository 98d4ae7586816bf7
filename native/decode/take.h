/* SPDX-License-Identifier: MIT
 *
 * Some samples of one or two batches as batches of their own: what thinning and filters have in common.
 */
#ifndef STRUCTWIRE_DECODE_TAKE_H
#define STRUCTWIRE_DECODE_TAKE_H

#include "layout.h"
#include "record.h"

#include <functional>
#include <vector>

namespace structwire {

/* A batch that was checked. Its record must outlive whatever refers to it. */
struct Source {
  const uint8_t *record;
  sw_batch batch;

  int64_t time(uint32_t sample) const {
    return static_cast<int64_t>(sw_get64(record + batch.times + size_t{8} * sample));
  }
  uint64_t sequence(uint32_t sample) const {
    return batch.sequences == 0 ? batch.first + sample
                                : sw_get64(record + batch.sequences + size_t{8} * sample);
  }
};

/* Gives memory for so many bytes of records. */
using Give = std::function<uint8_t *(size_t bytes)>;

/* What became of the samples of a batch. `all`: they are the batch as it was, and no memory was asked for. */
enum class Kept { none, some, all };

/* Samples in the order of their sequences, all of one stream, schema and epoch. */
class Taken {
public:
  /* To be called with rising sequences. */
  void add(const Source &source, uint32_t from, uint32_t count = 1);

  size_t count() const { return count_; }
  void clear();

  /* Writes the samples to memory from `give` as one batch; as several, one behind the other, where one would
   * be larger than a batch may be. Sequences are listed only where they jump. Asks for nothing when there are
   * none. */
  void write(const Give &give) const;

private:
  struct Run {
    const Source *source;
    uint32_t from, count;
    size_t payload, payload_bytes; /* of its samples, within the record */
  };
  /* The runs of one batch to be written. */
  struct Part {
    std::vector<Run> runs;
    uint32_t count = 0;
    size_t payload_bytes = 0;
  };
  /* How far the payloads of different lengths of a source are summed up. */
  struct Cursor {
    const Source *source = nullptr;
    uint32_t sample = 0;
    size_t payload = 0;
  };
  std::vector<Part> parts_;
  Cursor cursor_;
  size_t count_ = 0;

  Run run_of(const Source &source, uint32_t from, uint32_t count);
  void append(const Run &run);
  static sw_batch plan(const Part &part);
  static void write_part(const Part &part, const sw_batch &batch, uint8_t *out);
};

} // namespace structwire
#endif
