import { PencilIcon, PlusIcon, RefreshCwIcon, ReplaceIcon, Trash2Icon } from "lucide-react";

import { RelativeTime } from "@/components/relative-time";
import { RowMenu } from "@/components/row-menu";
import { StateDot, type Tone } from "@/components/state-dot";
import { Button } from "@/components/ui/button";
import { Spinner } from "@/components/ui/spinner";
import { Switch } from "@/components/ui/switch";

import { type ProviderKey, useChangeProviderKey, useCheckProviderKey } from "./provider-keys-api";
import type { Provider } from "./providers";

export type ProviderDialog = "add" | "nickname" | "delete";

type Props = {
  readonly provider: Provider;
  readonly providerKey: ProviderKey | undefined;
  /** Asks for what the list of providers does for all its rows. */
  readonly onAsk: (dialog: ProviderDialog) => void;
};

/** One provider, with the account's key for it or the way to add one. */
export function ProviderRow({ provider, providerKey, onAsk }: Props) {
  return (
    <li className="flex flex-col gap-3 px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
          <h2 className="text-[0.9375rem] font-semibold">{provider.label}</h2>
          {providerKey ? (
            <p className="flex min-w-0 flex-wrap gap-x-2.5 text-[0.8125rem] text-muted-foreground">
              <code className="whitespace-nowrap">••••••{providerKey.last_four}</code>
              {providerKey.nickname && <span className="truncate">{providerKey.nickname}</span>}
            </p>
          ) : (
            <p className="text-[0.8125rem] text-muted-foreground">For {provider.models}</p>
          )}
        </div>
        {providerKey ? (
          <KeyControls provider={provider} providerKey={providerKey} onAsk={onAsk} />
        ) : (
          <Button variant="outline" onClick={() => onAsk("add")}>
            <PlusIcon aria-hidden="true" />
            Add key
            <span className="sr-only"> for {provider.label}</span>
          </Button>
        )}
      </div>
      {providerKey && <Advice provider={provider} providerKey={providerKey} />}
    </li>
  );
}

type KeyProps = Props & { readonly providerKey: ProviderKey };

function KeyControls({ provider, providerKey, onAsk }: KeyProps) {
  const { mutate: change } = useChangeProviderKey();
  const { mutate: check, isPending } = useCheckProviderKey();
  const { id, is_active: isActive, last_checked_at: checkedAt } = providerKey;
  const { tone, label } = verdictOn(providerKey);
  return (
    <>
      <div className="flex min-w-40 flex-col gap-0.5" aria-live="polite">
        <StateDot tone={tone}>{label}</StateDot>
        {checkedAt && (
          <span className="pl-4 text-[0.8125rem] text-muted-foreground">
            Checked <RelativeTime at={checkedAt} />
          </span>
        )}
      </div>
      <div className="flex items-center gap-2 max-sm:-ml-3">
        <Button
          variant="ghost"
          size="sm"
          aria-label={`Check the ${provider.label} key again`}
          aria-disabled={isPending}
          onClick={() => isPending || check({ id })}
        >
          {isPending ? <Spinner /> : <RefreshCwIcon aria-hidden="true" />}
          Check
        </Button>
        <Switch
          aria-label={`${provider.label} key: active`}
          checked={isActive}
          onCheckedChange={(checked) => change({ id, is_active: checked })}
        />
        <RowMenu
          name={provider.label}
          actions={[
            { label: "Replace", icon: ReplaceIcon, onSelect: () => onAsk("add") },
            { label: "Nickname", icon: PencilIcon, onSelect: () => onAsk("nickname") },
            {
              label: "Delete",
              icon: Trash2Icon,
              isDestructive: true,
              onSelect: () => onAsk("delete"),
            },
          ]}
        />
      </div>
    </>
  );
}

type Verdict = { readonly tone: Tone; readonly label: string };

const works: Verdict = { tone: "good", label: "Works" };

const verdicts: Readonly<Record<string, Verdict>> = {
  wrong_key: { tone: "bad", label: "Refused" },
  no_credit: { tone: "attention", label: "No credit" },
  unreachable: { tone: "attention", label: "Not reachable" },
};

function verdictOn({ is_active: isActive, last_check_result: result }: ProviderKey): Verdict {
  if (!isActive) return { tone: "idle", label: "Disabled" };
  return verdicts[result ?? ""] ?? works;
}

/** What to do about a key that does not work. */
function Advice({ provider, providerKey }: Omit<KeyProps, "onAsk">) {
  const { label, billingUrl, keysUrl } = provider;
  const result = providerKey.is_active ? providerKey.last_check_result : null;
  if (result === "no_credit") {
    return (
      <p className="max-w-2xl text-sm">
        The key is right, but its account has no credit left. Requests fail until you{" "}
        <ExternalLink href={billingUrl}>top it up at {label}</ExternalLink>, then check again.
      </p>
    );
  }
  if (result === "wrong_key") {
    return (
      <p className="max-w-2xl text-sm">
        {label} no longer accepts this key. Make a new one in{" "}
        <ExternalLink href={keysUrl}>{label}’s console</ExternalLink> and replace it here.
      </p>
    );
  }
  if (result === "unreachable") {
    return (
      <p className="max-w-2xl text-sm">
        {label} did not answer when we last tried the key. It stays in use; check again in a while.
      </p>
    );
  }
  return null;
}

function ExternalLink({
  href,
  children,
}: {
  readonly href: string;
  readonly children: React.ReactNode;
}) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className="link">
      {children}
    </a>
  );
}
