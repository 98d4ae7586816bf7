/* SPDX-License-Identifier: MIT
 *
 * Statuses as sentences for people.
 */
#include <structwire/structwire.h>

const char *sw_strerror(sw_status status) {
  switch (status) {
  case SW_OK:
    return "no error";
  case SW_INVALID_ARGUMENT:
    return "an argument has a value that cannot be";
  case SW_OUT_OF_MEMORY:
    return "there was not enough memory";
  case SW_NAME_INVALID:
    return "a name is empty, too long or has other characters than A-Z a-z 0-9 _ . - and /";
  case SW_NAME_IN_USE:
    return "another one of that name is there already";
  case SW_PATH_TOO_LONG:
    return "a socket path is longer than the system takes";
  case SW_SYSTEM_ERROR:
    return "the operating system refused something";
  case SW_RING_FULL:
    return "a sample was dropped because the driver's ring was full";
  case SW_OUT_OF_RANGE:
    return "a value is outside the limits of its field, or not a number";
  case SW_REFUSED:
    return "the program refused the value or the call";
  case SW_UNKNOWN_PARAMETER:
    return "there is no parameter of that name";
  case SW_UNKNOWN_SERVICE:
    return "there is no service of that name";
  case SW_BAD_RECORD:
    return "bytes do not fit the record format";
  case SW_VERSION_MISMATCH:
    return "the other side speaks another version of the protocol";
  case SW_BUSY:
    return "too many requests wait for an answer";
  case SW_CLOSED:
    return "the other side ends";
  case SW_FOLDER_UNSAFE:
    return "the runtime folder belongs to another user or is open to others";
  case SW_SERVICE_FAILED:
    return "the service ran and failed";
  }
  return "a status that this version does not know";
}
