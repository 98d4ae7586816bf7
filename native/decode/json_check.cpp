/* SPDX-License-Identifier: MIT
 *
 * Checks that bytes are one JSON value (RFC 8259) in UTF-8, as JSON.parse would take it. No recursion: what
 * is open stands in a list, so that depth costs a byte and not a stack frame.
 */
#include "json.h"
#include "put.h"

#include <algorithm>
#include <cstring>

namespace structwire {

namespace {

struct Cursor {
  const uint8_t *at;
  const uint8_t *end;

  bool take(char c) {
    if (at == end || *at != static_cast<uint8_t>(c))
      return false;
    at++;
    return true;
  }
  void spaces() {
    while (at != end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
      at++;
  }
  bool digits() {
    const uint8_t *const from = at;
    while (at != end && *at >= '0' && *at <= '9')
      at++;
    return at != from;
  }
  bool word(const char *text) {
    const size_t length = std::strlen(text);
    if (static_cast<size_t>(end - at) < length || std::memcmp(at, text, length) != 0)
      return false;
    at += length;
    return true;
  }
};

bool is_hex(uint8_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool escape(Cursor &in) {
  if (in.at == in.end)
    return false;
  const uint8_t c = *in.at++;
  if (c != 'u')
    return c != 0 && std::strchr("\"\\/bfnrt", c) != nullptr;
  for (int i = 0; i < 4; i++, in.at++) {
    if (in.at == in.end || !is_hex(*in.at))
      return false;
  }
  return true;
}

/* What most texts are made of, and what needs no closer look. */
bool is_plain(uint8_t c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Behind the opening quote. */
bool string(Cursor &in) {
  while (in.at != in.end) {
    while (in.at != in.end && is_plain(*in.at))
      in.at++;
    if (in.at == in.end)
      return false;
    const uint8_t c = *in.at;
    size_t skip;
    if (c < 0x20)
      return false;
    const size_t length = utf8_length(in.at, static_cast<size_t>(in.end - in.at), &skip);
    if (length == 0)
      return false;
    in.at += length;
    if (c == '"')
      return true;
    if (c == '\\' && !escape(in))
      return false;
  }
  return false;
}

bool number(Cursor &in) {
  in.take('-');
  if (!in.take('0') && !in.digits())
    return false;
  if (in.take('.') && !in.digits())
    return false;
  if (in.take('e') || in.take('E')) {
    if (!in.take('+'))
      in.take('-');
    return in.digits();
  }
  return true;
}

bool scalar(Cursor &in) {
  if (in.take('"'))
    return string(in);
  return in.word("true") || in.word("false") || in.word("null") || number(in);
}

bool key(Cursor &in) {
  in.spaces();
  if (!in.take('"') || !string(in))
    return false;
  in.spaces();
  return in.take(':');
}

} // namespace

bool is_json(const uint8_t *bytes, size_t length, size_t *depth) {
  Cursor in{bytes, bytes + length};
  *depth = 0;
  std::string open; /* the brackets that wait for their end, as the characters that end them */
  for (;;) {
    /* A value begins here. */
    in.spaces();
    if (in.take('[')) {
      in.spaces();
      *depth = std::max(*depth, open.size() + 1);
      if (!in.take(']')) {
        open.push_back(']');
        continue;
      }
    } else if (in.take('{')) {
      in.spaces();
      *depth = std::max(*depth, open.size() + 1);
      if (!in.take('}')) {
        open.push_back('}');
        if (!key(in))
          return false;
        continue;
      }
    } else if (!scalar(in)) {
      return false;
    }
    /* A value has ended: what is around it goes on or ends as well. */
    for (in.spaces(); !open.empty() && in.take(open.back()); in.spaces())
      open.pop_back();
    if (open.empty())
      return in.at == in.end;
    if (!in.take(','))
      return false;
    if (open.back() == '}' && !key(in))
      return false;
  }
}

} // namespace structwire
