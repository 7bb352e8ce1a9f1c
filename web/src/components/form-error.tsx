import { CircleAlertIcon } from "lucide-react";
import type { ReactNode } from "react";

import { CopyButton } from "@/components/copy-button";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { describeError } from "@/lib/describe-error";
import { FunctionError } from "@/lib/function-error";

type Props = { readonly error: unknown; readonly children?: ReactNode };

/** Why a form could not be sent, announced when it appears. Empty while there is no error. */
export function FormError({ error, children }: Props) {
  const requestId = error instanceof FunctionError ? error.requestId : null;
  return (
    <div role="alert" className="empty:hidden">
      {error !== null && error !== undefined && (
        <Alert variant="destructive">
          <CircleAlertIcon aria-hidden="true" />
          <AlertDescription>
            <p>{describeError(error)}</p>
            {children}
            {requestId && (
              <p className="mt-1.5 flex items-center gap-1 text-xs text-muted-foreground">
                <code className="truncate">{requestId}</code>
                <CopyButton
                  text={requestId}
                  label="Copy request id"
                  variant="ghost"
                  className="size-6 p-0"
                />
              </p>
            )}
          </AlertDescription>
        </Alert>
      )}
    </div>
  );
}
