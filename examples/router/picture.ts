// SPDX-License-Identifier: MIT
// A generated picture, where there is no camera: a bright column that wanders over a dark ground.

export const WIDTH = 64;
const HEIGHT = 48;
/** Of the two headers of a Windows bitmap: 14 bytes of the file, 40 of the picture. */
const HEADER_BYTES = 54;

/** An uncompressed bitmap with 24 bits a pixel (`image/bmp`); `column` is where the bright one is. */
export function picture(column: number): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + WIDTH * HEIGHT * 3, 0x30);
  bytes.fill(0, 0, HEADER_BYTES);
  bytes.write("BM", 0, "latin1");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(HEADER_BYTES, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(WIDTH, 18);
  bytes.writeInt32LE(HEIGHT, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let row = 0; row < HEIGHT; row += 1)
    bytes.fill(0xff, HEADER_BYTES + (row * WIDTH + column) * 3, HEADER_BYTES + (row * WIDTH + column) * 3 + 3);
  return bytes;
}
