// SPDX-License-Identifier: MIT
// What comments of a header say ends up at the right member, in the right type.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileLayout } from "../../../bridge/layout/compile.ts";
import { describeFields } from "../../../bridge/layout/fields.ts";
import { hasCommand } from "../../support/compilers.ts";
import { enumOf, fieldOf, rolesOf, runGen, structOf } from "../../support/gen-runs.ts";

describe("annotations of members", () => {
  it("give unit, limits, step, default and text", () => {
    const run = runGen(`
      /* [@parameter gains] of the controller */
      struct gains {
        double kp; ///< [V/rad] [@range 0, 50] [@step 0.1] [@default 2] volts for each radian
      };`);
    assert.deepEqual(fieldOf(run, "gains", "kp"), {
      n: "kp",
      t: "f64",
      o: 0,
      u: "V/rad",
      doc: "volts for each radian",
      min: 0,
      max: 50,
      step: 0.1,
      def: 2,
    });
    assert.equal(structOf(run, "gains").doc, "of the controller");
    assert.deepEqual(run.warnings, []);
  });

  it("are found in every kind of comment", () => {
    const run = runGen(`
      struct s {
        int a; // [m] a
        int b; /* [m] b */
        int c; ///< [m] c
        int d; /**< [m] d */
        int e; /*< [m] e */
        int f; //!< [m] f
        /* [m] g */
        int g;
        /** [m] h */
        int h;
        // [m] i
        int i;
        /**
         * [m] j
         */
        int j;
        /* [m] k */ int k;
        int l /* [m] l */;
        int m; //< [m] m
        int
            n; ///< [m] n
        int o;
        ///< [m] o
      };`);
    for (const field of structOf(run, "s").f) {
      assert.equal(field.u, "m", field.n);
      assert.equal(field.doc, field.n);
    }
  });

  it("belong to the right one of several members of a line", () => {
    const run = runGen(
      `
      struct s {
        int a, b; // [m] both
        int c, /* [s] c */ d; /* [kg] d */
        int e; /* [A] e */ int f; /* [V] f */
        unsigned g : 1, // [W] g
                 h : 2; // [Hz] h
        int *skipped_by_type;
      };
      struct t {
        int i,
            j; // [Pa] only j
      };
      struct u { int k; /* [K] k */ }; struct v { int l; /* [lm] l */ };
    `.replace("int *skipped_by_type;", ""),
    );
    const units = Object.fromEntries(
      ["s", "t", "u", "v"].flatMap((struct) => structOf(run, struct).f.map((field) => [field.n, field.u])),
    );
    assert.deepEqual(units, {
      a: "m",
      b: "m",
      c: "s",
      d: "kg",
      e: "A",
      f: "V",
      g: "W",
      h: "Hz",
      i: undefined,
      j: "Pa",
      k: "K",
      l: "lm",
    });
  });

  it("go on over lines", () => {
    const run = runGen(`
      struct s {
        int a; ///< [m] first
               ///< second
        int b; // [s] [@range
               //      1, 2] one
        /* not of c: a gap lies between */

        int c;
        // [kg] several
        // lines
        int d;
        /* [A] a block
         * with [@range
         *   3, 4] stars */
        int e;
      };`);
    assert.equal(fieldOf(run, "s", "a").doc, "first second");
    assert.deepEqual([fieldOf(run, "s", "b").min, fieldOf(run, "s", "b").doc], [1, "one"]);
    assert.equal(fieldOf(run, "s", "c").doc, undefined);
    assert.equal(fieldOf(run, "s", "d").doc, "several lines");
    assert.deepEqual(
      [fieldOf(run, "s", "e").u, fieldOf(run, "s", "e").max, fieldOf(run, "s", "e").doc],
      ["A", 4, "a block with stars"],
    );
  });

  it("of a comment behind win over those above, which add what is missing", () => {
    const run = runGen(`
      struct s {
        /* [m] [@range 0, 5] above */
        float a; // [mm] behind
      };`);
    const { u, max, doc } = fieldOf(run, "s", "a");
    assert.deepEqual({ u, max, doc }, { u: "mm", max: 5, doc: "behind" });
  });

  it("are not looked for in texts, code and headings", () => {
    const run = runGen(`
      #define TEXT "/* [m] */"
      #define ALSO 1 /* [s] of the macro */
      struct s {
        /* the first two: */
        int a; /* see array[3] and [4..5] */
        int b; /* [0..100] per cent */
      #define INSIDE 2 // [kg] of the macro
        int c;
        char quote[sizeof("\\"/* [A] */")];
        int d; // plain
        int e; // [-] a ratio
      };`);
    assert.deepEqual(
      structOf(run, "s").f.filter((field) => field.u !== undefined),
      [],
    );
    assert.equal(fieldOf(run, "s", "e").doc, "a ratio");
    assert.equal(fieldOf(run, "s", "a").doc, "see array[3] and [4..5]");
    assert.equal(fieldOf(run, "s", "b").doc, "[0..100] per cent");
    assert.equal(fieldOf(run, "s", "c").doc, undefined);
  });

  it("are found in the arguments of a macro that makes the struct", () => {
    for (const compiler of ["gcc", "clang"].filter(hasCommand)) {
      const run = runGen(
        `
        #define PACKED(declaration) declaration __attribute__((packed))
        PACKED(
        typedef struct {
          unsigned char kind; /*< [ms] of what */
          unsigned int time; /*< [us] since the start*/
          float flow[2]; /*< [rad/s] around
                             both axes*/
          unsigned char kind2;
        }) sensed;`,
        { compiler },
      );
      const { f, size } = structOf(run, "sensed");
      assert.equal(size, 14);
      assert.deepEqual(
        f.map((field) => [field.n, field.u]),
        [
          ["kind", "ms"],
          ["time", "us"],
          ["flow", "rad/s"],
          ["kind2", undefined],
        ],
      );
    }
  });

  it("reach members of nested and unnamed structs and unions", () => {
    const run = runGen(`
      struct outer {
        struct {
          int a; // [m]
          struct { int b; /* [s] */ } inner; // of the struct
        };
        union {
          float real; // [V]
          int raw; // [LSB]
        };
        struct point { double x; /* [mm] */ } at; // [@frame NED] where
      };`);
    assert.equal(fieldOf(run, "outer", "a").u, "m");
    assert.equal(fieldOf(run, "outer_inner", "b").u, "s");
    assert.equal(fieldOf(run, "outer", "inner").doc, "of the struct");
    assert.equal(fieldOf(run, "outer", "real").u, "V");
    assert.equal(fieldOf(run, "outer", "raw").u, "LSB");
    assert.notEqual(fieldOf(run, "outer", "real").alt, fieldOf(run, "outer", "raw").alt);
    assert.equal(fieldOf(run, "point", "x").u, "mm");
    assert.deepEqual(fieldOf(run, "outer", "at").tags, { frame: "NED" });
  });

  it("round limits to the field's own type", () => {
    const run = runGen(`
      #include <stdint.h>
      #include <stdbool.h>
      enum level { LOW = 1, HIGH = 9 };
      struct s {
        float a;       // [@range -0.1, 0.1] [@default 0.1]
        int8_t b;      // [@range -1.5, 100.5]
        uint64_t c;    // [@range 0, 18446744073709551615]
        double d;      // [@range -inf, 1e3]
        uint32_t e;    // [@range 0x10, 0xff] [@default 16u]
        enum level f;  // [@default HIGH] [@range LOW, HIGH]
        bool g;        // [@default true]
        unsigned h : 3; // [@range 0, 7]
        float i;       // [@range 0, 2.5f]
        int j;         // [@range 1, ]
      };`);
    const { a, b, c, d, e, f, g, h, i, j } = Object.fromEntries(structOf(run, "s").f.map((field) => [field.n, field]));
    assert.deepEqual([a?.min, a?.max, a?.def], [Math.fround(-0.1), Math.fround(0.1), Math.fround(0.1)]);
    assert.deepEqual([b?.min, b?.max], [-1, 100]);
    assert.deepEqual([c?.min, c?.max], [0, "18446744073709551615"]);
    assert.deepEqual([d?.min, d?.max], [undefined, 1000]);
    assert.deepEqual([e?.min, e?.max, e?.def], [16, 255, 16]);
    assert.deepEqual([f?.min, f?.max, f?.def], [1, 9, 9]);
    assert.equal(g?.def, 1);
    assert.deepEqual([h?.min, h?.max], [0, 7]);
    assert.deepEqual([i?.min, i?.max], [0, 2.5]);
    assert.deepEqual([j?.min, j?.max], [1, undefined]);
    assert.deepEqual(run.warnings, []);
    assert.match(
      run.files["schema.c"] ?? "",
      /"a", 0, SW_F32, SW_FIELD_HAS_MIN \| SW_FIELD_HAS_MAX, .* -0\.10000000149011612, 0\.10000000149011612\}/,
    );
  });

  it("make bytes of a byte array, labels of an integer, and keep other tags", () => {
    const run = runGen(`
      #include <stdint.h>
      enum flight_mode { MANUAL = 0, AUTO = 4 };
      struct s {
        uint8_t key[8];   // [@bytes] of the session
        char raw[4];      // [@bytes]
        char name[8];
        uint8_t mode;     // [@enum flight_mode]
        float yaw;        // [rad] [@frame NED] [@was heading] from north
      };`);
    assert.deepEqual(fieldOf(run, "s", "key").tags, { bytes: "" });
    assert.deepEqual(fieldOf(run, "s", "raw").tags, { bytes: "" });
    assert.equal(fieldOf(run, "s", "name").tags, undefined);
    assert.deepEqual([fieldOf(run, "s", "mode").t, fieldOf(run, "s", "mode").tags], ["u8", { enum: "flight_mode" }]);
    assert.deepEqual(enumOf(run, "flight_mode").v, { MANUAL: 0, AUTO: 4 });
    assert.deepEqual(fieldOf(run, "s", "yaw").tags, { frame: "NED", was: "heading" });
    assert.match(run.files["d.ts"] ?? "", /mode: FlightMode \| number;/);
    assert.match(run.files["d.ts"] ?? "", /key: Uint8Array;/);
  });

  it("that are malformed are warned about with file and line, and the rest holds", () => {
    const run = runGen(
      [
        "/* [@channel x] */", // 1
        "struct s {",
        "  int a; // [m] [@range 1] one number", // 3
        "  int b; // [s] [@range low, high] no numbers",
        "  int c; // [@range 5, 1] nothing between",
        "  int d; // [@step] no size",
        "  int e; // [@bytes] no array", // 7
        "  int f; // [@enum nowhere] no such enum",
        "  int g; // [kg] [@range 1, 2 not closed", // 9
        "  /* above",
        "   * [@default many] a word",
        "   */",
        "  int h;",
        "  char i; // [@range 1, 2] a character has no number", // 14
        "  unsigned char j; // [@range 0, 300] too wide",
        "};",
        "/* [@channel two words] */", // 17
        "struct t { int a; };",
        "/* [@service count ask] */",
        "struct u { int a; };",
        "/* [@message nothing] */", // 21
        "/* [@message struct missing channel] */",
        "/* [@channel x] */",
        "struct v { int a; };", // 24
        "/* [@channel y] */",
        "struct w {",
        "  int a; // [@range 0, 10] [@default 11] beyond", // 27
        "  int b; // [@step 0] none",
        "  int c; // [@channel z] not here", // 29
        "};",
      ].join("\n"),
    );
    const lines = run.warnings.map((warning) => Number(/^test\.h:(\d+): /.exec(warning)?.[1]));
    assert.deepEqual(
      [...lines].sort((a, b) => a - b),
      [3, 4, 4, 5, 6, 7, 8, 9, 11, 14, 14, 15, 17, 19, 21, 22, 24, 27, 28, 29],
    );
    assert.equal(fieldOf(run, "s", "a").u, "m");
    assert.equal(new Set(run.warnings).size, run.warnings.length);
    assert.equal(fieldOf(run, "s", "b").doc, "no numbers");
    assert.deepEqual([fieldOf(run, "w", "a").max, fieldOf(run, "w", "a").def], [10, undefined]);
    assert.deepEqual(rolesOf(run), [
      { name: "x", role: "channel", type: "s" },
      { name: "y", role: "channel", type: "w" },
    ]);
  });
});

describe("annotations that say what a value means", () => {
  const run = runGen(`
    enum mode { OFF, ON = 5 };
    struct item { int x; };
    struct s {
      unsigned long long stamp;  ///< [us] [@time] since the start
      unsigned char used;
      struct item items[4];      // [@count used] [@was entries]
      float values[8];           // [@count used] [@invalid nan]
      short raw;                 // [@invalid 0x7fff] [@frame NED] of the sensor
      double level;              // [@invalid -inf] [@was height]
      enum mode mode;            // [@invalid ON]
    };`);

  it("reach the schema", () => {
    assert.deepEqual(run.warnings, []);
    assert.deepEqual(
      structOf(run, "s").f.map(({ n, tags }) => [n, tags]),
      [
        ["stamp", { time: "" }],
        ["used", undefined],
        ["items", { was: "entries", count: "used" }],
        ["values", { invalid: "NaN", count: "used" }],
        ["raw", { frame: "NED", invalid: "32767" }],
        ["level", { invalid: "-Infinity", was: "height" }],
        ["mode", { invalid: "5" }],
      ],
    );
  });

  it("reach the directory, with the place of each dimension", () => {
    const fields = describeFields(compileLayout(run.schema, "s"));
    const field = (name: string): unknown => fields.find((each) => each.name === name);
    assert.deepEqual(field("stamp"), {
      name: "stamp",
      type: "u64",
      unit: "us",
      doc: "since the start",
      tags: { time: "" },
    });
    assert.deepEqual(field("items.x"), {
      name: "items.x",
      type: "i32",
      dims: [4],
      levels: [[4], []],
      tags: { count: "used" },
    });
    assert.deepEqual(field("values"), {
      name: "values",
      type: "f32",
      dims: [8],
      tags: { invalid: "NaN", count: "used" },
    });
  });

  it("reach the texts that an editor shows", () => {
    const text = run.files["d.ts"] ?? "";
    for (const part of ["A time.", "Used: the first `used`.", "No value: NaN.", "Formerly `height`.", "frame: NED."])
      assert.ok(text.includes(part), part);
    assert.match(
      text,
      /interface SColumns \{\n {2}\/\*\*\n {3}\* since the start\n {3}\*\n {3}\* Unit: us\.\n {3}\*\/\n {2}stamp:/,
    );
  });

  it("are warned about where they cannot be", () => {
    const { warnings, schema } = runGen(
      [
        "struct item { int x; };",
        "struct s {",
        "  bool a; // [@time]", // 3
        "  char b[4]; // [@invalid 0]",
        "  int c; // [@count d]",
        "  int d[2]; // [@count nothing]",
        "  int e[2]; // [@count f]", // 7
        "  float f; // [@invalid never]",
        "  int g; // [@was f]",
        "  int h; // [@was two words]",
        "  int i; // [@rnage 0, 1]", // 11
        "  struct item j; // [@time]",
        "  short k; // [@invalid 99999]",
        "  int l; // [@time now]",
        "};",
      ].join("\n"),
      { flags: ["-include", "stdbool.h"] },
    );
    assert.deepEqual(
      warnings.map((warning) => Number(/:(\d+):/.exec(warning)?.[1])).sort((a, b) => a - b),
      [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
    );
    assert.ok(warnings.includes("test.h:11: [@rnage] is kept as a tag; is [@range] meant?"), warnings.join("\n"));
    const { s } = schema.types;
    assert.deepEqual(s?.k === "struct" ? s.f.flatMap(({ tags }) => (tags === undefined ? [] : [tags])) : [], [
      { rnage: "0, 1" },
    ]);
  });
});

describe("annotations of members in a header that names no message", () => {
  it("are complained about once", () => {
    const run = runGen("struct s {\n  int a; // [@range 1]\n};\nstruct t { struct s in; };");
    assert.equal(run.warnings.length, 1);
  });
});

describe("annotations of structs", () => {
  it("give channels, parameters and services their names", () => {
    const run = runGen(`
      /** Twice a second. [@channel state] [@channel copy/of.state] */
      struct state { int a; };
      // [@parameter gains]
      typedef struct { int b; } gains_t;
      /* [@service count request] */
      struct __attribute__((packed)) count_request { int c; };
      /* [@service count reply]
       * how many */
      typedef struct count_reply {
        int d;
      } count_reply_t;
      struct unused { int *e; };
    `);
    assert.deepEqual(run.schema.messages, [
      { name: "state", role: "channel", type: "state" },
      { name: "copy/of.state", role: "channel", type: "state" },
      { name: "gains", role: "parameter", type: "gains_t" },
      { name: "count", role: "request", type: "count_request" },
      { name: "count", role: "reply", type: "count_reply" },
    ]);
    assert.equal(structOf(run, "state").doc, "Twice a second.");
    assert.equal(structOf(run, "count_reply").doc, "how many");
    assert.deepEqual(Object.keys(run.schema.types), ["state", "gains_t", "count_request", "count_reply"]);
    assert.match(run.files["schema.h"] ?? "", /extern const sw_schema test_schema;/);
    assert.match(run.files["schema.h"] ?? "", /extern const sw_type gains_t_type;/);
  });

  it("do not reach over a blank line or another declaration", () => {
    const run = runGen(`
      /* [@channel far] */

      struct a { int x; };
      /* [@channel taken] */
      int function(void);
      struct b { int x; };
      static inline int body(void) { return 0; }
      /* [@channel near] */
      struct c { int x; };
    `);
    assert.deepEqual(
      rolesOf(run).map(({ name, type }) => [name, type]),
      [["near", "c"]],
    );
    assert.deepEqual(run.warnings, [
      'test.h:2: channel "far" does not stand directly above a struct',
      'test.h:5: channel "taken" does not stand directly above a struct',
    ]);
  });

  it("reach over a pragma, and may wait behind an #if", () => {
    const run = runGen(`
      /* [@channel packed] */
      #pragma pack(push, 1)
      struct packed { char a; int b; };
      #pragma pack(pop)
      #ifdef NEVER
      // [@channel never]
      struct never { int a; };
      #endif
      // [@parameter quiet]
      typedef const struct { int a; } quiet_t;
    `);
    assert.deepEqual(
      run.schema.messages.map(({ name, type }) => [name, type]),
      [
        ["packed", "packed"],
        ["quiet", "quiet_t"],
      ],
    );
    assert.deepEqual(run.warnings, []);
  });

  it("count in the header itself, not in what it includes", () => {
    const run = runGen(`#include "other.h"\n/* [@channel own] */ struct own { struct other other; };`, {
      others: { "other.h": "/* [@channel foreign] */ struct other { int a; /* [m] */ };" },
    });
    assert.deepEqual(
      run.schema.messages.map(({ name }) => name),
      ["own"],
    );
    assert.equal(fieldOf(run, "other", "a").u, "m");
  });

  it("make messages of structs of other headers", () => {
    const run = runGen(
      `#include "other.h"
       /// [@message struct counters channel]
       /* [@message pair_t parameter limits] [@message struct counters service read reply] */
       struct unrelated { int a; };`,
      {
        others: {
          "other.h": `
            /**
             * struct counters - What was counted.
             *
             * @packets: Good packets.
             *   Those that were dropped are not among them.
             *
             *   And much more about it.
             * @bytes: Their bytes.
             */
            struct counters {
              unsigned long packets;
              unsigned long bytes;
              unsigned long errors; /* bad ones */
              /* later additions: */
              unsigned long late;
            };
            typedef struct pair { int a, b; } pair_t;`,
        },
      },
    );
    assert.deepEqual(run.schema.messages, [
      { name: "*", role: "channel", type: "unrelated" },
      { name: "*", role: "channel", type: "counters" },
      { name: "limits", role: "parameter", type: "pair" },
      { name: "read", role: "reply", type: "counters" },
    ]);
    const { doc, f } = structOf(run, "counters");
    assert.equal(doc, "What was counted.");
    assert.deepEqual(
      f.map((field) => field.doc),
      ["Good packets. Those that were dropped are not among them.", "Their bytes.", "bad ones", undefined],
    );
  });
});

describe("comments of enums", () => {
  it("give the enum and its labels their texts", () => {
    for (const compiler of ["gcc", "clang"].filter(hasCommand)) {
      const run = runGen(
        `
        /** What it does. */
        enum mode { // not of the enum
          OFF, ///< stands still
          /* runs: really */
          ON = 5,
          FAST, SLOW, // slow only
          TWO_NAMES /* of the one before the brace */
        };
        typedef enum { A, /* first */ B /* second */ } letter;
        struct s { enum mode mode; letter letter; enum { X = 1, /* in place */ Y } inside; };`,
        { compiler },
      );
      assert.equal(enumOf(run, "mode").doc, "What it does.");
      assert.deepEqual(enumOf(run, "mode").vdoc, {
        OFF: "stands still",
        ON: "runs: really",
        SLOW: "slow only",
        TWO_NAMES: "of the one before the brace",
      });
      assert.deepEqual(enumOf(run, "letter").vdoc, { A: "first", B: "second" });
      assert.deepEqual(enumOf(run, "s_inside").vdoc, { X: "in place" });
    }
  });
});
