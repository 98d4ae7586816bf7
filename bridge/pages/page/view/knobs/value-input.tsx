// SPDX-License-Identifier: MIT
// The widget for one value: a number with a slider, a choice, a switch, a text.
import type { JSX } from "preact";
import type { FieldEntry, Json } from "../../../../session/messages.ts";
import { ChoiceInput } from "./choice-input.tsx";
import { NumberInput } from "./number-input.tsx";
import { SliderInput } from "./slider-input.tsx";
import { SwitchInput } from "./switch-input.tsx";
import { TextInput } from "./text-input.tsx";

/** What every widget gets. */
export interface ValueInputProps {
  readonly entry: FieldEntry;
  /** What it shows. */
  readonly value: Json | undefined;
  /** What holds, where that may differ from what is shown. */
  readonly applied?: Json | undefined;
  /** The accessible name: the parameter or service, and the field. */
  readonly label: string;
  readonly isInvalid: boolean;
  readonly onEdit: (value: Json) => void;
}

export function ValueInput(props: ValueInputProps): JSX.Element {
  switch (props.entry.type) {
    case "enum":
      return <ChoiceInput {...props} />;
    case "bool":
      return <SwitchInput {...props} />;
    case "text":
    case "bytes":
      return <TextInput {...props} />;
    default:
      return (
        <>
          <NumberInput {...props} />
          <SliderInput {...props} />
        </>
      );
  }
}
