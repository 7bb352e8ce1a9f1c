import { PencilIcon, Trash2Icon } from "lucide-react";
import type { ReactNode } from "react";

import { RelativeTime } from "@/components/relative-time";
import { RowMenu } from "@/components/row-menu";
import { StateDot, type Tone } from "@/components/state-dot";
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
  "lg:grid-cols-[minmax(0,2.1fr)_minmax(0,1.15fr)_minmax(0,1.1fr)_minmax(0,1.15fr)_minmax(0,1.15fr)_5.5rem_5.25rem] lg:gap-x-5";

/** One key: what it is, what it holds, and what can be done with it. */
export function MemoryKeyRow({ memoryKey, now, onAsk }: Props) {
  const { mutate: change } = useChangeMemoryKey();
  const { id, name, is_active: isActive } = memoryKey;
  const state = keyState(memoryKey, now);
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
      </dl>
      <div className="col-start-2 row-start-1 flex items-center justify-end gap-3 lg:col-start-7">
        <Switch
          aria-label={`${name}: active`}
          checked={isActive}
          onCheckedChange={(checked) => change({ id, is_active: checked })}
        />
        <RowMenu
          name={name}
          actions={[
            { label: "Rename", icon: PencilIcon, onSelect: () => onAsk("rename") },
            {
              label: "Delete",
              icon: Trash2Icon,
              isDestructive: true,
              onSelect: () => onAsk("delete"),
            },
          ]}
        />
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
      <Fact label="State">
        <StateDot tone={tones[state]}>{stateLabels[state]}</StateDot>
      </Fact>
    </>
  );
}

type FactProps = {
  readonly label: string;
  readonly children: ReactNode;
};

/** Beside a header only its value shows; the label stays for those who do not see columns. */
function Fact({ label, children }: FactProps) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-[0.8125rem] text-muted-foreground lg:sr-only">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Aside({ children }: { readonly children: ReactNode }) {
  return <span className="block text-[0.8125rem] text-muted-foreground">{children}</span>;
}
