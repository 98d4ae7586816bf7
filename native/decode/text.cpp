/* SPDX-License-Identifier: MIT
 *
 * Writing of JSON text.
 */
#include "text.h"
#include "layout.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace structwire {

void Text::grow(size_t more) {
  const size_t used = length();
  if (more > max_bytes - used)
    throw Failure("message_too_large", "a batch makes more than 256 MiB of JSON");
  size_t room = used + more;
  const size_t doubled = static_cast<size_t>(end_ - chars_.get()) * 2;
  if (room < doubled)
    room = doubled < max_bytes ? doubled : max_bytes;
  if (room < 4096)
    room = 4096;
  std::unique_ptr<char[]> larger(new char[room]);
  if (used > 0)
    std::memcpy(larger.get(), chars_.get(), used);
  chars_ = std::move(larger);
  at_ = chars_.get() + used;
  end_ = chars_.get() + room;
}

void Text::raw_utf8(const char *chars, size_t length) {
  raw(chars, length);
  for (size_t i = 0; i < length && ascii_; i++)
    ascii_ = static_cast<signed char>(chars[i]) >= 0;
}

void Text::number(double value) {
  if (!std::isfinite(value)) {
    raw("null", 4);
    return;
  }
  reserve(max_number_bytes);
  at_ = write_number(at_, value);
}

void Text::integer(int64_t value) {
  reserve(max_number_bytes);
  at_ = std::to_chars(at_, at_ + max_number_bytes, value).ptr;
}

void Text::integer(uint64_t value) {
  reserve(max_number_bytes);
  at_ = std::to_chars(at_, at_ + max_number_bytes, value).ptr;
}

size_t utf8_length(const uint8_t *at, size_t left, size_t *skip) {
  const uint8_t lead = at[0];
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  size_t length = 0;
  *skip = 1;
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0)
      low = 0xA0; /* no longer forms of shorter sequences */
    if (lead == 0xED)
      high = 0x9F; /* no surrogates */
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0)
      low = 0x90;
    if (lead == 0xF4)
      high = 0x8F; /* up to U+10FFFF */
  } else {
    return 0;
  }
  for (size_t i = 1; i < length; i++) {
    if (i >= left || at[i] < low || at[i] > high)
      return 0;
    low = 0x80;
    high = 0xBF;
    *skip = i + 1;
  }
  return length;
}

void Text::escape(uint8_t byte) {
  static const char hex[] = "0123456789abcdef";
  const char *const named = "btn\0fr"; /* from 8 on */
  reserve(6);
  *at_++ = '\\';
  if (byte == '"' || byte == '\\') {
    *at_++ = static_cast<char>(byte);
  } else if (byte >= 8 && byte <= 13 && byte != 11) {
    *at_++ = named[byte - 8];
  } else {
    *at_++ = 'u';
    *at_++ = '0';
    *at_++ = '0';
    *at_++ = hex[byte >> 4];
    *at_++ = hex[byte & 15];
  }
}

void Text::string(const uint8_t *bytes, size_t length) {
  const void *const nul = std::memchr(bytes, 0, length);
  if (nul != nullptr)
    length = static_cast<size_t>(static_cast<const uint8_t *>(nul) - bytes);
  raw('"');
  size_t plain = 0; /* where the bytes begin that stand for themselves */
  size_t i = 0;
  const auto flush = [&] { raw(reinterpret_cast<const char *>(bytes + plain), i - plain); };
  while (i < length) {
    const uint8_t byte = bytes[i];
    if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
      i++;
      continue;
    }
    if (byte < 0x80) {
      flush();
      escape(byte);
      plain = ++i;
      continue;
    }
    size_t skip;
    const size_t sequence = utf8_length(bytes + i, length - i, &skip);
    ascii_ = false;
    if (sequence > 0) {
      i += sequence;
      continue;
    }
    flush();
    raw("\xEF\xBF\xBD", 3);
    i += skip;
    plain = i;
  }
  flush();
  raw('"');
}

void Text::base64(const uint8_t *bytes, size_t length) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  reserve((length + 2) / 3 * 4 + 2);
  *at_++ = '"';
  size_t i = 0;
  for (; i + 3 <= length; i += 3) {
    const uint32_t group =
        static_cast<uint32_t>(bytes[i]) << 16 | static_cast<uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6)
      *at_++ = alphabet[group >> shift & 63];
  }
  if (i < length) {
    const bool two = i + 1 < length;
    const uint32_t group =
        static_cast<uint32_t>(bytes[i]) << 16 | (two ? static_cast<uint32_t>(bytes[i + 1]) << 8 : 0);
    *at_++ = alphabet[group >> 18 & 63];
    *at_++ = alphabet[group >> 12 & 63];
    *at_++ = two ? alphabet[group >> 6 & 63] : '=';
    *at_++ = '=';
  }
  *at_++ = '"';
}

} // namespace structwire
