// SPDX-License-Identifier: MIT
// The schema of a running driver, for the commands that read it.
import type { Client } from "../client/client.ts";
import { parseSchema } from "../layout/schema.ts";
import { BridgeError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";

/** Asks the bridge for a driver's schema. Rejects with `unknown_driver`, which lists those there, `disconnected`, and `type_unsupported` for a driver without structs. */
export async function schemaOfDriver(client: Client, driver: string): Promise<Schema> {
  const { schema } = await client.schema(driver);
  if (schema === null) throw new BridgeError("type_unsupported", `the driver "${driver}" has no structs`);
  return parseSchema(schema);
}
