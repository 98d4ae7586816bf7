/* SPDX-License-Identifier: MIT
 *
 * The decoders on memory of exactly the bytes they may read and write, so that ASan finds the first one
 * beyond: columns of every run of neighbours against a plain loop, text, base64, JSON, and layouts that must
 * not be made.
 */
#include "admit.h"
#include "check.h"
#include "columns.h"
#include "encode.h"
#include "json.h"
#include "load.h"
#include "put.h"
#include "record.h"
#include "shortest.h"

#include <memory>
#include <random>
#include <vector>

using namespace structwire;

/* Exactly so many bytes. */
static std::unique_ptr<uint8_t[]> exact(size_t count) {
  std::unique_ptr<uint8_t[]> bytes(new uint8_t[count]);
  for (size_t i = 0; i < count; i++)
    bytes[i] = static_cast<uint8_t>(i * 37 + i / 251);
  return bytes;
}

static Leaf plain(sw_scalar scalar, uint32_t offset) {
  Leaf leaf;
  leaf.scalar = scalar;
  leaf.offset = offset;
  leaf.kind = scalar == SW_U64 || scalar == SW_I64 ? Kind::bigint
              : scalar == SW_BOOL                  ? Kind::boolean
                                                   : Kind::number;
  return leaf;
}

/* ---- Columns ---- */

/* The bytes of element k of sample i, as the column must have them. */
static bool same_element(const Layout &layout, const Leaf &leaf, const uint8_t *structs,
                         const uint8_t *column, size_t i, uint32_t k) {
  const uint8_t *const from = structs + i * layout.size() + element_offset(leaf, k);
  const uint8_t *const to = column + (i * leaf.count + k) * leaf.width;
  for (uint32_t byte = 0; byte < leaf.width; byte++) {
    if (to[byte] != from[layout.little() ? byte : leaf.width - 1 - byte])
      return false;
  }
  return true;
}

static void columns_of(const Layout &layout, size_t count) {
  const auto structs = exact(count * layout.size());
  std::vector<std::unique_ptr<uint8_t[]>> columns;
  std::vector<Target> targets;
  for (const Leaf &leaf : layout.leaves()) {
    columns.push_back(exact(count * leaf.count * leaf.width));
    targets.push_back({&leaf, columns.back().get()});
  }
  decode_columns(layout, structs.get(), count, targets);
  for (size_t column = 0; column < targets.size(); column++) {
    const Leaf &leaf = *targets[column].leaf;
    for (size_t i = 0; i < count; i++) {
      for (uint32_t k = 0; k < leaf.count; k++)
        CHECK(same_element(layout, leaf, structs.get(), columns[column].get(), i, k));
    }
  }
}

static void columns_of_neighbours() {
  for (const sw_scalar scalar : {SW_U8, SW_I16, SW_U32, SW_F32, SW_U64, SW_F64}) {
    for (uint32_t fields = 1; fields <= 9; fields++) {
      for (const bool little : {true, false}) {
        const uint32_t bytes = scalar_bytes(scalar);
        std::vector<Leaf> leaves;
        leaves.reserve(fields);
        for (uint32_t k = 0; k < fields; k++)
          leaves.push_back(plain(scalar, k * bytes));
        const Layout layout(fields * bytes, little, leaves, {}, {});
        for (const size_t count : std::vector<size_t>{1, 2, 3, 4, 5, 7, 257})
          columns_of(layout, count);
      }
    }
  }
}

static void columns_of_arrays() {
  Leaf run = plain(SW_U16, 1);
  run.dims = {{2, 6}, {3, 2}};
  Leaf strided = plain(SW_I32, 13);
  strided.dims = {{2, 8}};
  for (const bool little : {true, false})
    columns_of(Layout(25, little, {run, strided}, {}, {}), 33);
}

static void columns_of_bits() {
  Leaf bits = plain(SW_I32, 0);
  bits.bit_bytes = 1;
  bits.bit_shift = 2;
  bits.bit_width = 3;
  Leaf flag = plain(SW_BOOL, 1);
  const Layout layout(2, true, {bits, flag}, {}, {});
  const auto structs = exact(4);
  structs[0] = 4 << 2;
  structs[1] = 77;
  structs[2] = 3 << 2 | 3;
  structs[3] = 0;
  int32_t values[2] = {0, 0};
  uint8_t flags[2] = {9, 9};
  decode_columns(layout, structs.get(), 2,
                 {{&layout.leaves()[0], reinterpret_cast<uint8_t *>(values)}, {&layout.leaves()[1], flags}});
  CHECK(values[0] == -4 && values[1] == 3);
  CHECK(flags[0] == 1 && flags[1] == 0);
}

/* ---- Text ---- */

static std::string string_of(const std::vector<uint8_t> &list) {
  const auto bytes = exact(list.size());
  std::copy(list.begin(), list.end(), bytes.get());
  const auto room = exact(string_room(list.size()));
  char *const text = reinterpret_cast<char *>(room.get());
  bool ascii = true;
  return {text, put_string(text, bytes.get(), list.size(), &ascii)};
}

static void texts() {
  CHECK(string_of({'a', 'b'}) == "\"ab\"");
  CHECK(string_of({'a', 0, 'b'}) == "\"a\"");
  CHECK(string_of({'"', '\\', '\n', 11, 31}) == "\"\\\"\\\\\\n\\u000b\\u001f\"");
  CHECK(string_of({0xe2, 0x82}) == "\"\xef\xbf\xbd\"");
  CHECK(string_of({0xf0, 0x9f, 0x98, 0x80}) == "\"\xf0\x9f\x98\x80\"");
  CHECK(string_of({0xf4, 0x90}) == "\"\xef\xbf\xbd\xef\xbf\xbd\"");
  for (unsigned first = 0x80; first < 0x100; first++) { /* every beginning, cut at the end of the memory */
    for (unsigned second = 0; second < 0x100; second += 5)
      CHECK(string_of({static_cast<uint8_t>(first), static_cast<uint8_t>(second)}).size() >= 4);
  }
}

static void base64_of_any_length() {
  static const char *const texts[] = {"\"\"", "\"AA==\"", "\"ACU=\"", "\"ACVK\"", "\"ACVKbw==\""};
  for (size_t length = 0; length < 5; length++) {
    const auto room = exact(base64_room(length));
    char *const text = reinterpret_cast<char *>(room.get());
    CHECK(std::string(text, put_base64(text, exact(length).get(), length)) == texts[length]);
  }
}

static std::string number_of(double value) {
  char at[max_number_bytes];
  return {at, write_number(at, value)};
}

static void numbers() {
  CHECK(number_of(0.0) == "0" && number_of(-0.0) == "0");
  CHECK(number_of(1e21) == "1e+21" && number_of(-1e20) == "-100000000000000000000");
  CHECK(number_of(1e-6) == "0.000001" && number_of(-1.5e-7) == "-1.5e-7");
  CHECK(number_of(5e-324) == "5e-324" && number_of(1.7976931348623157e308) == "1.7976931348623157e+308");
  CHECK(number_of(-0.0000012345678901234567) == "-0.0000012345678901234567");
  CHECK(number_of(9007199254740993.0) == "9007199254740992" && number_of(0.1) == "0.1");
}

/* The library's own digits are the shortest and nearest as well: ours must be the same ones. */
static void same_digits(double value) {
  char expected[48];
  *std::to_chars(expected, expected + 40, value, std::chars_format::scientific).ptr = 0;
  Decimal decimal = shortest_decimal(value);
  while (decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    decimal.exponent++;
  }
  uint64_t digits = 0;
  int exponent = 0;
  const char *at = expected;
  for (bool fraction = false; *at != 'e'; at++) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    digits = digits * 10 + static_cast<uint64_t>(*at - '0');
    exponent -= fraction ? 1 : 0;
  }
  exponent += std::atoi(at + 1);
  CHECK(digits == decimal.digits && exponent == decimal.exponent);
  CHECK(std::strtod(number_of(value).c_str(), nullptr) == value);
}

static void shortest_digits() {
  std::mt19937_64 random(20); /* the same numbers each time */
  for (uint64_t biased = 0; biased < 2047; biased++) {
    for (int i = 0; i < 100; i++) {
      const uint64_t fraction = i < 3   ? static_cast<uint64_t>(i)
                                : i < 6 ? (uint64_t{1} << 52) + 2 - static_cast<uint64_t>(i)
                                        : random() >> 12;
      const uint64_t bits = biased << 52 | (fraction & ((uint64_t{1} << 52) - 1));
      double value;
      std::memcpy(&value, &bits, sizeof value);
      if (value > 0)
        same_digits(value);
    }
  }
  for (int i = 0; i < 100000; i++) {
    same_digits(static_cast<double>(random() % 1000000 + 1) / static_cast<double>(random() % 1000 + 1));
    same_digits(static_cast<double>(static_cast<float>(random() % 1000000 + 1) / 1000.0f));
  }
}

/* ---- JSON ---- */

static bool json(const std::string &text) {
  const auto bytes = exact(text.size());
  std::copy(text.begin(), text.end(), bytes.get());
  size_t depth = 0;
  return is_json(bytes.get(), text.size(), &depth);
}

static size_t depth_of(const std::string &text) {
  size_t depth = 0;
  CHECK(is_json(reinterpret_cast<const uint8_t *>(text.data()), text.size(), &depth));
  return depth;
}

static void json_payloads() {
  const std::string good = " {\"a\" : [1, -0.5e+3, true, null, \"\\u00e9\\\\ \xc3\xa9\"], \"b\": {}} ";
  CHECK(json(good));
  for (size_t length = 0; length + 1 < good.size(); length++)
    CHECK(!json(good.substr(0, length)));
  for (size_t at = 0; at < good.size(); at++) { /* whatever a byte becomes, nothing is read beyond the end */
    for (unsigned byte = 0; byte < 256; byte++) {
      std::string changed = good;
      changed[at] = static_cast<char>(byte);
      (void)json(changed);
    }
  }
  CHECK(json(std::string(100000, '[') + std::string(100000, ']')));
  CHECK(!json(std::string(100000, '[')));
  CHECK(depth_of("1") == 0);
  CHECK(depth_of("[]") == 1);
  CHECK(depth_of("[[],{\"a\":[{}]},[]]") == 4);
  CHECK(depth_of("\"[[\"") == 0);
}

/* ---- What programs publish ---- */

static std::vector<uint8_t> published(const std::string &payload) {
  sw_batch batch{};
  batch.count = 1;
  batch.flags = SW_FLAG_VARIABLE;
  batch.payload_bytes = static_cast<uint32_t>(payload.size());
  CHECK(sw_batch_layout(&batch));
  std::vector<uint8_t> record(batch.bytes);
  sw_batch_write(record.data(), &batch);
  sw_put32(record.data() + batch.lengths, batch.payload_bytes);
  std::copy(payload.begin(), payload.end(), record.begin() + batch.payload);
  return record;
}

static std::string admitted(const std::string &payload, bool is_json) {
  std::vector<uint8_t> record = published(payload);
  try {
    admit(record.data(), record.size(), is_json, 1000.5);
  } catch (const Failure &failure) {
    CHECK(sw_get64(record.data() + SW_BATCH_HEADER_BYTES) == 0);
    return failure.code();
  }
  CHECK(sw_get64(record.data() + SW_BATCH_HEADER_BYTES) == 1000500000);
  return "";
}

static void publications() {
  CHECK(admitted("{\"x\":1}", true).empty());
  CHECK(admitted("{", true) == "bad_value");
  CHECK(admitted("{", false).empty());
  CHECK(admitted("", true) == "bad_value");
  CHECK(admitted("", false).empty());
  CHECK(admitted(std::string(64, '[') + std::string(64, ']'), true).empty());
  CHECK(admitted(std::string(65, '[') + std::string(65, ']'), true) == "bad_value");
  std::vector<uint8_t> large = published("123456789");
  sw_put32(large.data() + SW_BATCH_HEADER_BYTES + 8, SW_MAX_SAMPLE_BYTES + 1);
  try {
    admit(large.data(), large.size(), true, 0);
    CHECK(false);
  } catch (const Failure &failure) {
    CHECK(std::string(failure.code()) == "message_too_large");
  }
}

static void struct_text() {
  Leaf mode = plain(SW_U8, 0);
  mode.kind = Kind::enumeration;
  mode.labels = {{1, "\"ON\""}, {0, "\"OFF\""}, {1, "\"ALSO\""}};
  Leaf list = plain(SW_I64, 1);
  list.dims = {{2, 8}};
  const Layout layout(17, false, {mode, list},
                      {{Step::text, 0, 0},
                       {Step::leaf, 0, 0},
                       {Step::text, 1, 0},
                       {Step::repeat, 2, 8},
                       {Step::leaf, 1, 0},
                       {Step::end, 0, 0},
                       {Step::text, 2, 0}},
                      {"{\"mode\":", ",\"list\":[", "]}"});
  const auto bytes = exact(17);
  std::fill(bytes.get(), bytes.get() + 17, uint8_t{255});
  bytes[0] = 1;
  bytes[9] = 0x7f;
  Text text;
  write_struct(text, layout, bytes.get());
  CHECK(std::string(text.chars(), text.length()) ==
        "{\"mode\":\"ON\",\"list\":[-1,\"9223372036854775807\"]}");
}

/* ---- Writing, and what must not be made ---- */

static void written_twice() {
  const Layout layout(4, true, {plain(SW_U16, 0), plain(SW_U16, 1)}, {}, {});
  const uint32_t indices[] = {0, 1};
  const uint32_t elements[] = {0, 0};
  const uint8_t bits[16] = {0x34, 0x12, 0, 0, 0, 0, 0, 0, 0x78, 0x56};
  uint8_t value[4] = {0};
  uint8_t mask[4] = {0};
  CHECK(write_elements(layout, {indices, elements, 1, bits, 8}, value, mask) == -1);
  CHECK(value[0] == 0x34 && value[1] == 0x12 && mask[0] == 255 && mask[1] == 255 && mask[2] == 0);
  CHECK(write_elements(layout, {indices + 1, elements, 1, bits + 8, 8}, value, mask) == 0);
}

static bool refused(uint32_t size, const std::vector<Leaf> &leaves, const std::vector<Step> &steps) {
  try {
    const Layout layout(size, true, leaves, steps, {"x"});
  } catch (const Failure &failure) {
    return std::string(failure.code()) == "invalid_argument";
  }
  return false;
}

static void layouts_that_do_not_fit() {
  Leaf array = plain(SW_U32, 0);
  array.dims = {{2, 8}};
  Leaf text = plain(SW_CHAR, 0);
  text.kind = Kind::text;
  Leaf bits = plain(SW_U32, 0);
  bits.bit_bytes = 4;
  bits.bit_shift = 30;
  bits.bit_width = 3;
  CHECK(!refused(12, {array}, {{Step::leaf, 0, 0}}));
  CHECK(refused(0, {}, {}));
  CHECK(refused(11, {array}, {}));
  CHECK(refused(7, {plain(SW_F64, 0)}, {}));
  CHECK(refused(4, {text}, {}));
  CHECK(refused(4, {bits}, {}));
  CHECK(refused(12, {array}, {{Step::leaf, 1, 0}}));
  CHECK(refused(12, {array}, {{Step::text, 1, 0}}));
  CHECK(refused(12, {array}, {{Step::repeat, 4, 4}, {Step::leaf, 0, 0}, {Step::end, 0, 0}}));
  CHECK(refused(12, {array}, {{Step::repeat, 2, 4}}));
  CHECK(refused(12, {array}, {{Step::end, 0, 0}}));
  CHECK(refused(12, {array}, {{7, 0, 0}}));
}

int main() {
  columns_of_neighbours();
  columns_of_arrays();
  columns_of_bits();
  texts();
  base64_of_any_length();
  numbers();
  shortest_digits();
  json_payloads();
  publications();
  struct_text();
  written_twice();
  layouts_that_do_not_fit();
  return 0;
}
