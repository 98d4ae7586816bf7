// SPDX-License-Identifier: MIT
// Texts and base64: bytes of a struct as strings, and strings as bytes.
import { viewOf } from "./batch.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text in `bytes` up to its first NUL; U+FFFD stands for what is not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const length = end < 0 ? bytes.length : end;
  // Short ASCII names are the rule, and a TextDecoder costs more than they do.
  if (length <= 32) {
    let text = "";
    for (let i = 0; i < length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte > 127) return decode(bytes.subarray(0, length));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decode(bytes.subarray(0, length));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Bytes as base64 with padding. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    text += digit(group >> 18) + digit(group >> 12);
    text += left > 1 ? digit(group >> 6) : "=";
    text += left > 2 ? digit(group) : "=";
  }
  return text;
}

/** The bytes of a base64 text, or undefined when it is none (padding is required). */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = new Uint8Array((text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0));
  for (let i = 0, at = 0; i < text.length; i += 4) {
    const group = [0, 1, 2, 3].reduce((sum, k) => (sum << 6) | Math.max(0, ALPHABET.indexOf(text.charAt(i + k))), 0);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = group >> shift;
  }
  return bytes;
}

/** The texts of `count` samples whose structs of `size` bytes begin at `samplesAt`: for each sample one at every offset. */
export function readTextColumn(
  bytes: Uint8Array,
  samples: { readonly at: number; readonly size: number; readonly count: number },
  offsets: Uint32Array,
  capacity: number,
): string[] {
  const view = viewOf(bytes);
  const texts: string[] = [];
  // A text field mostly repeats what it said one sample before.
  const previous: { readonly at: number; readonly text: string }[] = [];
  for (let sample = 0; sample < samples.count; sample++) {
    for (let element = 0; element < offsets.length; element++) {
      const at = samples.at + sample * samples.size + (offsets[element] ?? 0);
      const before = previous[element];
      const text =
        before !== undefined && same(view, before.at, at, capacity)
          ? before.text
          : textOf(bytes.subarray(at, at + capacity));
      previous[element] = { at, text };
      texts.push(text);
    }
  }
  return texts;
}

function same(view: DataView, a: number, b: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (view.getUint32(a + i) !== view.getUint32(b + i)) return false;
  for (; i < length; i++) if (view.getUint8(a + i) !== view.getUint8(b + i)) return false;
  return true;
}

function digit(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}
