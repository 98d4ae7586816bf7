/* SPDX-License-Identifier: MIT
 *
 * echo_driver: a driver by the SDK whose service gives back what it gets, as fast as it can.
 */
#include "message.h"
#include "message.schema.h"
#include "net.h"

#include <stdio.h>
#include <structwire/structwire.h>

static void echo(void *context, sw_call call, const void *request) {
  sw_driver **driver = context;
  (void)sw_reply(*driver, call, request);
}

int main(void) {
  sw_driver *driver;
  net_end_with_parent();
  const sw_driver_options options = {.name = "echo", .schema = &message_schema};
  if (sw_driver_create(&options, &driver) != SW_OK ||
      sw_service_declare(driver, "echo", &bench_call_type, &bench_call_type, echo, &driver) != SW_OK)
    net_fail("no driver");
  (void)printf("listening\n");
  (void)fflush(stdout);
  while (sw_poll(driver, -1) == SW_OK)
    (void)sw_serve(driver);
  return 1;
}
