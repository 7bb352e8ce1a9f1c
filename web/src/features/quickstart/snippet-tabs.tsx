import { EyeIcon, EyeOffIcon } from "lucide-react";
import { useState } from "react";

import { CopyButton } from "@/components/copy-button";
import { Button } from "@/components/ui/button";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { cn } from "@/lib/utils";

import { type Language, languages, snippet, type SnippetLine, snippetText } from "./snippets";

const PLACEHOLDER = "YOUR_MEMORY_KEY";
const STORAGE_KEY = "snippet-language";

type Props = {
  readonly baseUrl: string;
  readonly model: string;
  /** A key that was just made and is still on screen. Masked until somebody asks to see it. */
  readonly secret: string | null;
};

export function SnippetTabs({ baseUrl, model, secret }: Props) {
  const [language, setLanguage] = useState(rememberedLanguage);
  const [isRevealed, setIsRevealed] = useState(false);
  const RevealIcon = isRevealed ? EyeOffIcon : EyeIcon;

  const linesWith = (key: string) => snippet(language, { baseUrl, key, model });
  const shownKey = secret === null ? PLACEHOLDER : isRevealed ? secret : mask(secret);

  const choose = (value: string) => {
    const chosen = languages.find(({ id }) => id === value)?.id;
    if (!chosen) return;
    setLanguage(chosen);
    localStorage.setItem(STORAGE_KEY, chosen);
  };

  return (
    <Tabs
      value={language}
      onValueChange={choose}
      className="overflow-hidden rounded-xl border bg-code"
    >
      <div className="flex flex-wrap items-center gap-x-2 border-b bg-card px-2 max-sm:gap-x-0 max-sm:px-1">
        <TabsList aria-label="Language" className="mr-auto max-sm:gap-0">
          {languages.map(({ id, label }) => (
            <TabsTrigger key={id} value={id} className="max-sm:px-2 max-sm:after:inset-x-2">
              {label}
            </TabsTrigger>
          ))}
        </TabsList>
        {secret !== null && (
          <Button
            variant="ghost"
            size="sm"
            className="max-sm:px-2"
            onClick={() => setIsRevealed(!isRevealed)}
          >
            <RevealIcon aria-hidden="true" />
            <span className="max-sm:sr-only">{isRevealed ? "Hide key" : "Reveal key"}</span>
          </Button>
        )}
        <CopyButton
          variant="ghost"
          className="max-sm:px-2"
          text={snippetText(linesWith(secret ?? PLACEHOLDER))}
          label="Copy snippet"
        >
          <span className="max-sm:sr-only">Copy</span>
        </CopyButton>
      </div>
      {languages.map(({ id }) => (
        // Wider than a phone; the panel takes the focus, so the arrow keys scroll it too.
        <TabsContent key={id} value={id} className="overflow-x-auto">
          <Code lines={linesWith(shownKey)} />
        </TabsContent>
      ))}
    </Tabs>
  );
}

function Code({ lines }: { readonly lines: readonly SnippetLine[] }) {
  return (
    <pre className="py-4 text-[0.8125rem] leading-[1.65]">
      <code className="grid min-w-max">
        {lines.map(({ text, isOurs }, index) => (
          <span
            // Lines have no identity but their place.
            key={index}
            className={cn(
              "min-h-[1.65em] border-l-2 border-transparent px-4 sm:px-5",
              isOurs && "border-primary bg-mark text-mark-foreground",
              isComment(text) && "text-muted-foreground",
            )}
          >
            {text}
          </span>
        ))}
      </code>
    </pre>
  );
}

const isComment = (text: string) => text.startsWith("#") || text.startsWith("//");

const mask = (secret: string) => `${secret.slice(0, 8)}••••••${secret.slice(-4)}`;

function rememberedLanguage(): Language {
  const remembered = localStorage.getItem(STORAGE_KEY);
  return languages.find(({ id }) => id === remembered)?.id ?? "python";
}
