/* SPDX-License-Identifier: MIT
 *
 * The load averages.
 */
#include "load.h"

bool load_parse(struct scan loadavg, struct scan uptime, struct host_load *out) {
  *out = (struct host_load){0};
  return scan_decimal(&loadavg, &out->one) && scan_decimal(&loadavg, &out->five) &&
         scan_decimal(&loadavg, &out->fifteen) && scan_u32(&loadavg, &out->running) &&
         scan_text(&loadavg, "/") && scan_u32(&loadavg, &out->threads) && scan_decimal(&uptime, &out->uptime);
}
