/* SPDX-License-Identifier: MIT
 *
 * The splitter: the golden stream comes out the same however it is cut, bad records end it wherever they are
 * cut, memory stays bounded and may run out at any moment. Every chunk stands in memory of exactly its size,
 * so that a read beyond it is found by ASan.
 */
#include "check.h"
#include "split.h"

#include <dirent.h>
#include <string.h>

typedef struct bytes {
  uint8_t *at;
  size_t count;
} bytes;

static bytes load(const char *path) {
  char whole[512];
  (void)snprintf(whole, sizeof whole, "%s/%s", VECTORS, path);
  FILE *file = fopen(whole, "rb");
  CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
  const long size = ftell(file);
  CHECK(size > 0 && fseek(file, 0, SEEK_SET) == 0);
  bytes read = {malloc((size_t)size), (size_t)size};
  CHECK(read.at != NULL && fread(read.at, 1, read.count, file) == read.count);
  (void)fclose(file);
  return read;
}

static void append(bytes *to, const void *from, size_t count) {
  if (count == 0)
    return;
  uint8_t *grown = realloc(to->at, to->count + count);
  CHECK(grown != NULL);
  to->at = grown;
  memcpy(to->at + to->count, from, count);
  to->count += count;
}

/* ---- Memory that is counted and may fail ---- */

typedef struct memory {
  size_t fail_at; /* the so-manieth growth fails; 0: none */
  size_t grown;
  size_t largest;
} memory;

static void *resize(void *context, void *block, size_t count) {
  memory *m = context;
  if (count == 0) {
    free(block);
    return NULL;
  }
  m->grown++;
  if (m->grown == m->fail_at)
    return NULL;
  if (count > m->largest)
    m->largest = count;
  return realloc(block, count);
}

/* ---- Running a splitter ---- */

/* A record as the samples it holds, so that merging makes no difference. */
static void tell(const uint8_t *record, bytes *out) {
  sw_batch batch;
  if (record[4] != SW_RECORD_BATCH) {
    append(out, record, sw_get32(record));
    return;
  }
  CHECK(sw_batch_read(record, &batch));
  size_t at = batch.payload;
  for (uint32_t i = 0; i < batch.count; i++) {
    const uint64_t sequence =
        batch.sequences == 0 ? batch.first + i : sw_get64(record + batch.sequences + 8u * (size_t)i);
    const size_t size = batch.lengths == 0 ? batch.size : sw_get32(record + batch.lengths + 4u * (size_t)i);
    append(out, record + 8, 16); /* stream, schema, epoch */
    append(out, &sequence, sizeof sequence);
    append(out, record + batch.times + 8u * (size_t)i, 8);
    append(out, record + at, size);
    at += size;
  }
}

/* Reads the records that were taken; ADVERTISE routes its stream to ten times its id, WITHDRAW ends that. */
static void hear(sw_split *split, const uint8_t *records, size_t ready, bytes *out) {
  CHECK(sw_split_ready(split) == 0);
  for (size_t at = 0; at < ready; at += sw_get32(records + at)) {
    const uint8_t *record = records + at;
    const uint32_t stream = sw_get32(record + 8);
    tell(record, out);
    if (record[4] == SW_RECORD_ADVERTISE) {
      const sw_route route = {stream, stream * 10u, 9, sw_get32(record + 16)};
      (void)sw_split_route(split, &route);
    }
    if (record[4] == SW_RECORD_WITHDRAW)
      sw_split_unroute(split, stream);
  }
}

static void take(sw_split *split, bytes *out) {
  const size_t ready = sw_split_ready(split);
  if (ready == 0)
    return;
  uint8_t *records = malloc(ready);
  CHECK(records != NULL);
  sw_split_take(split, records);
  hear(split, records, ready, out);
  free(records);
}

static sw_status push(sw_split *split, const uint8_t *from, size_t count, bytes *out) {
  uint8_t *chunk = malloc(count + (count == 0));
  CHECK(chunk != NULL);
  if (count > 0)
    memcpy(chunk, from, count);
  sw_status status = sw_split_push(split, chunk, count);
  while (status == SW_OK) {
    take(split, out);
    if (!sw_split_more(split))
      break;
    status = sw_split_push(split, NULL, 0);
  }
  free(chunk);
  return status;
}

static void same(bytes a, bytes b) {
  CHECK(a.count == b.count && (a.count == 0 || memcmp(a.at, b.at, a.count) == 0));
}

static bytes run_pieces(bytes stream, size_t first, size_t each) {
  memory m = {0, 0, 0};
  sw_split split;
  bytes out = {NULL, 0};
  sw_split_init(&split, resize, &m);
  CHECK(push(&split, stream.at, first, &out) == SW_OK);
  for (size_t at = first; at < stream.count; at += each) {
    const size_t left = stream.count - at;
    CHECK(push(&split, stream.at + at, left < each ? left : each, &out) == SW_OK);
  }
  CHECK(split.record_total == 18 && split.batch_total == 6 && split.sample_total == 10);
  sw_split_fini(&split);
  return out;
}

static void cuts_the_same_anywhere(void) {
  bytes stream = load("streams/link.bin");
  bytes whole = run_pieces(stream, stream.count, stream.count);
  CHECK(whole.count > 0);
  for (size_t each = 1; each < 64; each++) {
    bytes out = run_pieces(stream, 0, each);
    same(out, whole);
    free(out.at);
  }
  for (size_t first = 1; first < stream.count; first++) {
    bytes out = run_pieces(stream, first, stream.count);
    same(out, whole);
    free(out.at);
  }
  free(whole.at);
  free(stream.at);
}

/* ---- Records that stay where they were read ---- */

/* Reads the stream in pieces, each behind what was left of the one before; returns how many times all of a
 * chunk stayed. */
static size_t run_leaving(bytes stream, size_t each, size_t most, bytes *out) {
  memory m = {0, 0, 0};
  sw_split split;
  size_t stayed = 0;
  bytes left = {NULL, 0};
  sw_split_init(&split, resize, &m);
  for (size_t at = 0; at < stream.count; at += each) {
    bytes chunk = left;
    append(&chunk, stream.at + at, stream.count - at < each ? stream.count - at : each);
    CHECK(sw_split_push_leaving(&split, chunk.at, chunk.count, most) == SW_OK);
    CHECK(split.left <= most && split.left <= chunk.count);
    left = (bytes){NULL, 0};
    append(&left, chunk.at + chunk.count - split.left, split.left);
    const size_t ready = sw_split_ready(&split);
    if (sw_split_take_here(&split, chunk.at)) {
      stayed++;
      hear(&split, chunk.at, ready, out);
    } else {
      take(&split, out);
    }
    while (sw_split_more(&split)) {
      CHECK(sw_split_push(&split, NULL, 0) == SW_OK);
      CHECK(split.left == 0);
      take(&split, out);
    }
    free(chunk.at);
  }
  CHECK(left.count == 0);
  CHECK(split.record_total == 18 && split.batch_total == 6 && split.sample_total == 10);
  sw_split_fini(&split);
  return stayed;
}

static void leaves_records_where_they_are(void) {
  bytes stream = load("streams/link.bin");
  bytes whole = run_pieces(stream, stream.count, stream.count);
  size_t stayed = 0;
  for (size_t each = 1; each <= stream.count; each++) {
    for (size_t most = 8; most < 1024; most *= 4) {
      bytes out = {NULL, 0};
      stayed += run_leaving(stream, each, most, &out);
      same(out, whole);
      free(out.at);
    }
  }
  CHECK(stayed > stream.count);
  free(whole.at);
  free(stream.at);
}

/* ---- Bad records ---- */

static void refuse_at_every_split(bytes bad) {
  bytes good = load("good/pong.bin");
  bytes stream = {NULL, 0};
  static const uint8_t more[64];
  const uint32_t size = bad.count < 40 ? 8 : sw_get32(bad.at + 36);
  append(&stream, good.at, good.count);
  append(&stream, bad.at, bad.count);
  append(&stream, more, sizeof more);
  for (size_t first = 0; first <= stream.count; first++) {
    memory m = {0, 0, 0};
    sw_split split;
    bytes out = {NULL, 0};
    const sw_route route = {3, 3, 2, size};
    sw_split_init(&split, resize, &m);
    CHECK(sw_split_route(&split, &route) == SW_OK);
    sw_status status = push(&split, stream.at, first, &out);
    if (status == SW_OK)
      status = push(&split, stream.at + first, stream.count - first, &out);
    CHECK(status == SW_BAD_RECORD);
    same(out, good);
    CHECK(push(&split, good.at, good.count, &out) == SW_BAD_RECORD);
    CHECK(m.largest < 65536);
    sw_split_fini(&split);
    free(out.at);
  }
  free(stream.at);
  free(good.at);
}

static void refuses_all(const char *folder) {
  char path[512];
  int count = 0;
  (void)snprintf(path, sizeof path, "%s/%s", VECTORS, folder);
  DIR *listing = opendir(path);
  CHECK(listing != NULL);
  for (const struct dirent *entry;
       (entry = readdir(listing)) != NULL;) { // NOLINT(concurrency-mt-unsafe): one thread
    if (strstr(entry->d_name, ".bin") == NULL)
      continue;
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    bytes bad = load(path);
    refuse_at_every_split(bad);
    free(bad.at);
    count++;
  }
  (void)closedir(listing);
  CHECK(count >= 5);
}

/* ---- Memory ---- */

/* Whichever growth fails: the splitter says so, stays so, and gives back all it had (which LeakSanitizer
 * checks). */
static void survives_without_memory(void) {
  bytes stream = load("streams/link.bin");
  size_t fail_at = 1;
  for (int failed = 1; failed; fail_at++) {
    memory m = {fail_at, 0, 0};
    sw_split split;
    bytes out = {NULL, 0};
    sw_status status = SW_OK;
    sw_split_init(&split, resize, &m);
    for (size_t at = 0; at < stream.count && status == SW_OK; at += 100) {
      const size_t left = stream.count - at;
      status = push(&split, stream.at + at, left < 100 ? left : 100, &out);
    }
    failed = m.grown >= fail_at;
    CHECK(failed ? status == SW_OUT_OF_MEMORY || status == SW_BAD_RECORD : status == SW_OK);
    CHECK(push(&split, NULL, 0, &out) == status);
    sw_split_fini(&split);
    free(out.at);
  }
  CHECK(fail_at > 4);
  free(stream.at);
}

static void keeps_little(void) {
  memory m = {0, 0, 0};
  sw_split split;
  bytes out = {NULL, 0};
  enum { record_bytes = 16777216, piece = 65536 };
  uint8_t *record = calloc(1, record_bytes);
  CHECK(record != NULL);
  sw_prefix_write(record, record_bytes, SW_RECORD_LOG, 0);
  sw_split_init(&split, resize, &m);
  CHECK(sw_split_push(&split, record, 8) == SW_OK);
  CHECK(m.largest < 1024); /* a length alone reserves nothing */
  CHECK(push(&split, record + 8, piece - 8, &out) == SW_OK);
  for (size_t at = piece; at < record_bytes; at += piece)
    CHECK(push(&split, record + at, piece, &out) == SW_OK);
  CHECK(split.record_total == 1 && out.count == record_bytes);
  CHECK(m.largest <= (size_t)2 * (record_bytes + piece));
  CHECK(split.kept_bytes == 0); /* and is given back */
  sw_split_fini(&split);
  free(out.at);
  free(record);
}

static void bounds_its_settings(void) {
  memory m = {0, 0, 0};
  sw_split split;
  bytes out = {NULL, 0};
  sw_split_init(&split, resize, &m);
  CHECK(sw_split_limit(&split, 7) == SW_INVALID_ARGUMENT);
  CHECK(sw_split_limit(&split, SW_MAX_RECORD_BYTES + 1u) == SW_INVALID_ARGUMENT);
  for (uint32_t from = SW_MAX_STREAMS; from > 0; from--) {
    const sw_route route = {from, from, 1, 8};
    CHECK(sw_split_route(&split, &route) == SW_OK);
  }
  const sw_route again = {7, 70, 1, 8};
  const sw_route another = {SW_MAX_STREAMS + 1u, 1, 1, 8};
  CHECK(sw_split_route(&split, &again) == SW_OK);
  CHECK(sw_split_route(&split, &another) == SW_INVALID_ARGUMENT);
  sw_split_unroute(&split, 9);
  sw_split_unroute(&split, 9);
  CHECK(sw_split_route(&split, &another) == SW_OK);
  CHECK(sw_split_limit(&split, 24) == SW_OK);
  uint8_t record[32] = {0};
  sw_prefix_write(record, 32, SW_RECORD_PONG, 0);
  CHECK(push(&split, record, 8, &out) == SW_BAD_RECORD);
  sw_split_fini(&split);
}

int main(void) {
  cuts_the_same_anywhere();
  leaves_records_where_they_are();
  refuses_all("bad");
  refuses_all("foreign");
  survives_without_memory();
  keeps_little();
  bounds_its_settings();
  return 0;
}
