/* SPDX-License-Identifier: MIT
 *
 * A growing JSON text, and what is written into it: numbers, strings, base64. It is valid UTF-8 at all times.
 */
#ifndef STRUCTWIRE_DECODE_TEXT_H
#define STRUCTWIRE_DECODE_TEXT_H

#include "number.h"

#include <cstdint>
#include <memory>
#include <string>

namespace structwire {

class Text {
public:
  static constexpr size_t max_bytes = 268435456;
  static constexpr size_t max_kept_bytes = 4194304;

  const char *chars() const { return chars_.get(); }
  size_t length() const { return static_cast<size_t>(at_ - chars_.get()); }
  /* Whether every byte so far is ASCII. */
  bool ascii() const { return ascii_; }

  /* Begins again; keeps its memory unless that is large. */
  void clear() {
    ascii_ = true;
    at_ = chars_.get();
    if (static_cast<size_t>(end_ - at_) > max_kept_bytes) {
      chars_.reset();
      at_ = end_ = nullptr;
    }
  }

  void raw(const char *chars, size_t length) {
    reserve(length);
    std::char_traits<char>::copy(at_, chars, length);
    at_ += length;
  }
  void raw(const std::string &text) { raw(text.data(), text.size()); }
  void raw(char c) {
    reserve(1);
    *at_++ = c;
  }
  /* UTF-8 that the caller has checked. */
  void raw_utf8(const char *chars, size_t length);

  /* null for what is not finite. */
  void number(double value);
  void integer(int64_t value);
  void integer(uint64_t value);

  /* A string of the bytes up to the first NUL; U+FFFD stands for what is not UTF-8, as the Encoding Standard
   * decodes. */
  void string(const uint8_t *bytes, size_t length);
  void base64(const uint8_t *bytes, size_t length);

private:
  std::unique_ptr<char[]> chars_;
  char *at_ = nullptr;
  char *end_ = nullptr;
  bool ascii_ = true;

  /* Room for so many bytes more. Throws Failure("message_too_large") beyond max_bytes. */
  void reserve(size_t more) {
    if (static_cast<size_t>(end_ - at_) < more)
      grow(more);
  }
  void grow(size_t more);
  void escape(uint8_t byte);
};

/* The length of the UTF-8 sequence at `at`, or 0 when there is none; *skip is then how many bytes one U+FFFD
 * stands for. */
size_t utf8_length(const uint8_t *at, size_t left, size_t *skip);

} // namespace structwire
#endif
