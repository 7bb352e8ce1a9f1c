import { EyeIcon, EyeOffIcon } from "lucide-react";

type Props = {
  /** What is shown, for those who cannot see what it stands in. */
  readonly label: string;
  readonly isShown: boolean;
  readonly onChange: (isShown: boolean) => void;
};

/** Stands at the end of a field and shows what was typed into it. */
export function RevealButton({ label, isShown, onChange }: Props) {
  const Icon = isShown ? EyeOffIcon : EyeIcon;
  return (
    <button
      type="button"
      aria-pressed={isShown}
      aria-label={label}
      onClick={() => onChange(!isShown)}
      className="absolute top-1/2 right-1.5 inline-flex size-7 -translate-y-1/2 items-center justify-center rounded-md text-muted-foreground outline-none hover:text-foreground focus-visible:outline-2"
    >
      <Icon className="size-4" aria-hidden="true" />
    </button>
  );
}
