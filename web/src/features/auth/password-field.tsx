import { type ComponentProps, useState } from "react";

import { RevealButton } from "@/components/reveal-button";
import { TextField } from "@/components/text-field";

type Props = Omit<ComponentProps<typeof TextField>, "type" | "adornment">;

/** A password, which may be pasted, filled in by a manager, and looked at while typing. */
export function PasswordField(props: Props) {
  const [isShown, setIsShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? "text" : "password"}
      className="pr-10"
      autoCapitalize="none"
      spellCheck={false}
      adornment={<RevealButton label="Show password" isShown={isShown} onChange={setIsShown} />}
    />
  );
}
