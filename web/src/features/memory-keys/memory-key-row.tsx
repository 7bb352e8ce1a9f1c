import { EllipsisIcon, PencilIcon, Trash2Icon } from "lucide-react";
import type { ReactNode } from "react";

import { RelativeTime } from "@/components/relative-time";
import { StateDot, type Tone } from "@/components/state-dot";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Switch } from "@/components/ui/switch";
import { formatCompact, formatNumber } from "@/lib/format";
import { cn } from "@/lib/utils";

import { keyState, type KeyState, maskedKey, modeLabel, stateLabels } from "./key-state";
import { type MemoryKey, useChangeMemoryKey } from "./memory-keys-api";

const tones: Record<KeyState, Tone> = { active: "good", disabled: "idle", expired: "attention" };

export type KeyDialog = "rename" | "delete";

type Props = {
  readonly memoryKey: MemoryKey;
  readonly now: number;
  /** Asks for what the list of keys does for all its rows. */
  readonly onAsk: (dialog: KeyDialog) => void;
};

/** Shared with the list's header, so that both keep to one grid. */
export const rowColumns =
  "lg:grid-cols-[minmax(0,2.1fr)_minmax(0,1.15fr)_minmax(0,1.1fr)_minmax(0,1.15fr)_minmax(0,1.15fr)_11.5rem] lg:gap-x-5";

/** One key: what it is, what it holds, and what can be done with it. */
export function MemoryKeyRow({ memoryKey, now, onAsk }: Props) {
  const { mutate: change } = useChangeMemoryKey();
  const { id, name, is_active: isActive } = memoryKey;
  const state = keyState(memoryKey, now);
  const dot = <StateDot tone={tones[state]}>{stateLabels[state]}</StateDot>;
  return (
    <li
      className={cn(
        "grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 gap-y-4 px-5 py-4 lg:items-center",
        rowColumns,
      )}
    >
      <div className="flex min-w-0 flex-col gap-0.5">
        <h2 className="truncate text-[0.9375rem] font-semibold" title={name}>
          {name}
        </h2>
        <code className="truncate text-[0.8125rem] text-muted-foreground">
          {maskedKey(memoryKey)}
        </code>
      </div>
      <dl className="col-span-2 row-start-2 grid grid-cols-2 gap-x-6 gap-y-3 text-sm lg:contents">
        <Facts memoryKey={memoryKey} state={state} />
        <Fact label="State" isNarrowOnly>
          {dot}
        </Fact>
      </dl>
      <div className="col-start-2 row-start-1 flex items-center justify-end gap-3 lg:col-start-6">
        <span className="mr-auto max-lg:hidden">{dot}</span>
        <Switch
          aria-label={`${name}: active`}
          checked={isActive}
          onCheckedChange={(checked) => change({ id, is_active: checked })}
        />
        <KeyMenu name={name} onAsk={onAsk} />
      </div>
    </li>
  );
}

function Facts({ memoryKey, state }: { readonly memoryKey: MemoryKey; readonly state: KeyState }) {
  const { mode, memory_token_count: tokens, token_cap: cap, expires_at: expiresAt } = memoryKey;
  return (
    <>
      <Fact label="Mode">{modeLabel(mode)}</Fact>
      <Fact label="Memory">
        <span title={`${formatNumber(tokens)} tokens`}>{formatCompact(tokens)} tokens</span>
        {cap !== null && <Aside>≤ {formatCompact(cap)} a month</Aside>}
      </Fact>
      <Fact label="Last used">
        {memoryKey.last_used_at ? <RelativeTime at={memoryKey.last_used_at} /> : "Never"}
      </Fact>
      <Fact label="Created">
        <RelativeTime at={memoryKey.created_at} />
        {expiresAt && (
          <Aside>
            {state === "expired" ? "expired" : "expires"} <RelativeTime at={expiresAt} />
          </Aside>
        )}
      </Fact>
    </>
  );
}

type FactProps = {
  readonly label: string;
  /** Shown in the row's controls instead, where there is room. */
  readonly isNarrowOnly?: boolean;
  readonly children: ReactNode;
};

/** Beside a header only its value shows; the label stays for those who do not see columns. */
function Fact({ label, isNarrowOnly = false, children }: FactProps) {
  return (
    <div className={cn("flex min-w-0 flex-col", isNarrowOnly && "lg:hidden")}>
      <dt className="text-[0.8125rem] text-muted-foreground lg:sr-only">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Aside({ children }: { readonly children: ReactNode }) {
  return <span className="block text-[0.8125rem] text-muted-foreground">{children}</span>;
}

type MenuProps = { readonly name: string; readonly onAsk: (dialog: KeyDialog) => void };

function KeyMenu({ name, onAsk }: MenuProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={`More for ${name}`}>
          <EllipsisIcon aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => onAsk("rename")}>
          <PencilIcon aria-hidden="true" />
          Rename
        </DropdownMenuItem>
        <DropdownMenuItem variant="destructive" onSelect={() => onAsk("delete")}>
          <Trash2Icon aria-hidden="true" />
          Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
