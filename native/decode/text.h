/* SPDX-License-Identifier: MIT
 *
 * A growing JSON text. Writers ask for room, write through a pointer of their own and say where they ended: a
 * pointer in a register is what makes them fast.
 */
#ifndef STRUCTWIRE_DECODE_TEXT_H
#define STRUCTWIRE_DECODE_TEXT_H

#include <cstddef>
#include <cstring>
#include <memory>

namespace structwire {

class Text {
public:
  static constexpr size_t max_bytes = 268435456;
  static constexpr size_t max_kept_bytes = 1048576;

  const char *chars() const { return chars_.get(); }
  size_t length() const { return length_; }
  /* Whether every byte so far is ASCII. */
  bool ascii() const { return ascii_; }
  /* Says that something else than ASCII was or will be written. */
  void mark_utf8() { ascii_ = false; }

  /* Begins again; keeps its memory unless that is large. */
  void clear();

  /* The end of the text, with room for at least so many bytes more. Throws Failure("message_too_large")
   * beyond max_bytes. */
  char *room(size_t more) {
    if (room_ - length_ < more)
      grow(more);
    return chars_.get() + length_;
  }
  /* The text ends here now; for a pointer into the room that was given last. */
  void end(const char *at) { length_ = static_cast<size_t>(at - chars_.get()); }
  /* Both: the text ends at `at`, and there is room for more behind it. */
  char *room(const char *at, size_t more) {
    end(at);
    return room(more);
  }

  /* UTF-8 that the caller has checked. */
  void append(const char *chars, size_t length);

private:
  std::unique_ptr<char[]> chars_;
  size_t length_ = 0;
  size_t room_ = 0;
  bool ascii_ = true;

  void grow(size_t more);
};

} // namespace structwire
#endif
