import * as React from "react"
import { LoaderCircleIcon } from "lucide-react"

import { cn } from "@/lib/utils"

function Spinner({ className, ...props }: React.ComponentProps<typeof LoaderCircleIcon>) {
  return <LoaderCircleIcon data-slot="spinner" aria-hidden="true" className={cn("size-4 animate-spin", className)} {...props} />
}

export { Spinner }
