/* SPDX-License-Identifier: MIT
 *
 * Makes interface names fit for channels.
 */
#include "link_name.h"

#include <stdio.h>
#include <string.h>

void link_name(const char *interface, int index, char *out, size_t capacity) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  if (index == 0)
    snprintf(out, capacity, "link/%s", interface);
  else
    snprintf(out, capacity, "link/%s_%d", interface, index);
  for (char *c = out + strlen("link/"); *c != '\0'; c++) {
    if (strchr(allowed, *c) == NULL)
      *c = '_';
  }
}
