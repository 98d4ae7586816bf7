// SPDX-License-Identifier: MIT
// The types of the part of fft.js that is used here; it brings none.
declare module "fft.js" {
  /** A transform of `size` numbers, a power of two above 1. */
  class FFT {
    constructor(size: number);
    /** Room for `size` complex numbers: real and imaginary parts in turn. */
    createComplexArray(): number[];
    /** Writes the first half of the spectrum of `input` into `output`. */
    realTransform(output: number[], input: ArrayLike<number>): void;
  }
  export = FFT;
}
