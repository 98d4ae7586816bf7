// SPDX-License-Identifier: MIT
// The rules of the code: strict types, the floors of docs/architecture.md (from scripts/floors.json), and the house's names.
import { readFileSync } from "node:fs";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const floors = JSON.parse(readFileSync(new URL("scripts/floors.json", import.meta.url), "utf8"));

/** A room may import itself and what the table names; the rest of bridge/ does not exist for it. */
const zones = Object.entries(floors).map(([room, allowed]) => ({
  target: `./bridge/${room}`,
  from: "./bridge",
  except: [room, ...allowed].map((path) => `./${path}`),
  message: `bridge/${room} may import ${["itself", ...allowed].join(", ")} only (docs/architecture.md)`,
}));

const pureRooms = ["model", "layout", "hub", "session"].map((room) => `bridge/${room}/**`);
const banned = "(Manager|Helper|Util|Utils|Common|Base|Impl|Info|Data|Handler)$";
const names = ["ClassDeclaration", "TSInterfaceDeclaration", "TSTypeAliasDeclaration"];

const houseSyntax = [
  ...names.map((kind) => ({
    selector: `${kind}[id.name=/${banned}/]`,
    message: "Name it for what it is: this ending says nothing (CONTRIBUTING.md).",
  })),
  { selector: "TSInterfaceDeclaration[id.name=/^I[A-Z][a-z]/]", message: "Interfaces have no I in front." },
  { selector: "Program > VariableDeclaration[kind!='const']", message: "No state in modules." },
  {
    selector: "Program > ExportNamedDeclaration > VariableDeclaration[kind!='const']",
    message: "No state in modules.",
  },
  { selector: "TSAsExpression > TSAsExpression.expression", message: "Check the value instead of asserting twice." },
];

export default tseslint.config(
  { ignores: ["dist/", "build/", "node_modules/", "coverage/", "notebooks/"] },
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx", ".js", ".mjs"] })] },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-shadow": "error",
      // Fields taken out of an object so that the rest is without them.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-restricted-syntax": ["error", ...houseSyntax],
      "import-x/no-default-export": "error",
      "import-x/no-cycle": "error",
      "import-x/no-self-import": "error",
      "import-x/first": "error",
      "import-x/no-duplicates": "error",
      "import-x/no-restricted-paths": ["error", { zones }],
      eqeqeq: "error",
      "no-console": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  {
    files: pureRooms,
    ignores: ["bridge/layout/native/load.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\.{1,2}/|@noble/hashes/|zod$)",
              message:
                "Floors 0 to 2 open no socket, read no clock and touch no file: what they need is handed to them.",
            },
          ],
        },
      ],
      "no-restricted-globals": [
        "error",
        ...["Date", "performance", "setTimeout", "setInterval", "setImmediate", "process", "fetch", "WebSocket"].map(
          (name) => ({ name, message: "Floors 0 to 2 read no clock and reach no system: it is handed to them." }),
        ),
      ],
    },
  },
  {
    files: ["bridge/**"],
    ignores: [...pureRooms],
    rules: {
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "node:module", message: "Only layout/native/load.ts loads native code." }] },
      ],
    },
  },
  { files: ["bridge/cli/**", "scripts/**", "bench/**", "test/**", "examples/**"], rules: { "no-console": "off" } },
  {
    // Programs of one file, in which a variable is no state that others could share.
    files: ["examples/**"],
    rules: {
      "no-restricted-syntax": ["error", ...houseSyntax.filter(({ message }) => message !== "No state in modules.")],
    },
  },
  {
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // The words of mocha are good words for values too.
      "@typescript-eslint/no-shadow": ["error", { allow: ["before", "after"] }],
    },
  },
);
