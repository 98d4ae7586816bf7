// Written by structwire gen from tally.h; changes here are lost.

/** Counts a number. */
export interface TallyCount {
  /**
   * the number to count
   *
   * Range: 0 to 10.
   */
  value: number;
}

/** What was counted so far. */
export interface TallyCounts {
  /** how often each number was named */
  counts: number[];
  /** the number that was named last */
  last: number;
  /** how many were named in all */
  total: bigint;
}

/** Columns of {@link TallyCount} by the path of their field. */
export interface TallyCountColumns {
  /** the number to count */
  value: Uint32Array;
}

/** Columns of {@link TallyCounts} by the path of their field. */
export interface TallyCountsColumns {
  /** how often each number was named */
  counts: Uint32Array;
  /** the number that was named last */
  last: Uint32Array;
  /** how many were named in all */
  total: BigUint64Array;
}

/** What a driver of this header has: channels, parameters and services by name. */
export interface Tally {
  channels: {
    counts: { value: TallyCounts; columns: TallyCountsColumns };
  };
  parameters: {};
  services: {
    count: { request: TallyCount; reply: TallyCounts };
  };
}
