// SPDX-License-Identifier: MIT
// How the interfaces that `structwire gen` writes type a driver's channels, parameters and services.
import type { Columns, Value } from "../model/values.ts";

/** What a generated interface looks like: `channels: { state: { value, columns } }`, `parameters: { gains: Gains }`, `services: { reset: { request, reply } }`. */
export interface DriverTypes {
  readonly channels: object;
  readonly parameters: object;
  readonly services: object;
}

/** A struct's value when no generated type says more. */
export type Fields = Readonly<Record<string, Value>>;

/** The type of a driver for which no generated interface was given: every name is allowed, values are {@link Value}s. */
export interface AnyDriver {
  readonly channels: Readonly<Record<string, { readonly value: Fields; readonly columns: Columns }>>;
  readonly parameters: Readonly<Record<string, Fields>>;
  readonly services: Readonly<Record<string, { readonly request: Fields; readonly reply: Fields }>>;
}

export type ChannelName<D extends DriverTypes> = keyof D["channels"] & string;
export type ParameterName<D extends DriverTypes> = keyof D["parameters"] & string;
export type ServiceName<D extends DriverTypes> = keyof D["services"] & string;

/** A sample's value on channel `K`. */
export type ValueOf<D extends DriverTypes, K extends ChannelName<D>> = D["channels"][K] extends {
  readonly value: infer V;
}
  ? V
  : Fields;

/** The columns of channel `K`, by field path. */
export type ColumnsOf<D extends DriverTypes, K extends ChannelName<D>> = D["channels"][K] extends {
  readonly columns: infer C;
}
  ? C
  : Columns;

export type ParameterOf<D extends DriverTypes, K extends ParameterName<D>> = D["parameters"][K];

export type RequestOf<D extends DriverTypes, K extends ServiceName<D>> = D["services"][K] extends {
  readonly request: infer R;
}
  ? R
  : Fields;

export type ReplyOf<D extends DriverTypes, K extends ServiceName<D>> = D["services"][K] extends {
  readonly reply: infer R;
}
  ? R
  : Fields;

/** What may be set of a value of type `T`: any of its fields, of nested structs any of theirs; 64-bit integers also as a number. */
export type Settable<T> = { readonly [K in keyof T]?: SettableField<T[K]> };

type SettableField<F> = F extends bigint
  ? bigint | number
  : F extends string | number | boolean | Uint8Array | readonly unknown[]
    ? F
    : F extends object
      ? Settable<F>
      : F;
