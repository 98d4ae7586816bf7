/* SPDX-License-Identifier: MIT
 *
 * Memory of JSON text.
 */
#include "text.h"
#include "layout.h"

#include <algorithm>

namespace structwire {

void Text::clear() {
  length_ = 0;
  ascii_ = true;
  if (room_ > max_kept_bytes) {
    chars_.reset();
    room_ = 0;
  }
}

void Text::grow(size_t more) {
  if (more > max_bytes - length_)
    throw Failure("message_too_large", "a batch makes more than 256 MiB of JSON");
  const size_t room = std::max(length_ + more, std::max<size_t>(4096, std::min(room_ * 2, max_bytes)));
  std::unique_ptr<char[]> larger(new char[room]);
  if (length_ > 0)
    std::memcpy(larger.get(), chars_.get(), length_);
  chars_ = std::move(larger);
  room_ = room;
}

void Text::append(const char *chars, size_t length) {
  char *const at = room(length);
  std::memcpy(at, chars, length);
  end(at + length);
  for (size_t i = 0; i < length && ascii_; i++)
    ascii_ = static_cast<signed char>(chars[i]) >= 0;
}

} // namespace structwire
