import * as React from "react"
import { Switch as SwitchPrimitive } from "radix-ui"

import { cn } from "@/lib/utils"

function Switch({ className, ...props }: React.ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      data-slot="switch"
      className={cn(
        "relative inline-flex h-6 w-10 shrink-0 items-center rounded-full bg-input outline-none transition-colors focus-visible:outline-2 focus-visible:outline-offset-2 disabled:opacity-60 data-[state=checked]:bg-primary",
        className
      )}
      {...props}
    >
      <SwitchPrimitive.Thumb
        data-slot="switch-thumb"
        className="pointer-events-none block size-4.5 translate-x-0.75 rounded-full bg-white transition-transform data-[state=checked]:translate-x-4.75 dark:bg-background"
      />
    </SwitchPrimitive.Root>
  )
}

export { Switch }
