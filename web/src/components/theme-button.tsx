import { MonitorIcon, MoonIcon, SunIcon } from "lucide-react";
import { useTheme } from "next-themes";

import { Button } from "@/components/ui/button";

const themes = [
  { value: "system", label: "system", icon: MonitorIcon },
  { value: "light", label: "light", icon: SunIcon },
  { value: "dark", label: "dark", icon: MoonIcon },
] as const;

/** Goes round: as the system has it, light, dark. */
export function ThemeButton() {
  const { theme, setTheme } = useTheme();
  const index = Math.max(
    0,
    themes.findIndex(({ value }) => value === theme),
  );
  const { label, icon: Icon } = themes[index] ?? themes[0];
  const next = themes[(index + 1) % themes.length] ?? themes[0];
  const description = `Theme: ${label}. Switch to ${next.label}.`;
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={description}
      title={description}
      onClick={() => setTheme(next.value)}
    >
      <Icon aria-hidden="true" />
    </Button>
  );
}
