import { useTheme } from "next-themes"
import { Toaster as Sonner, type ToasterProps } from "sonner"

function Toaster(props: ToasterProps) {
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      duration={6000}
      closeButton
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "group flex w-full items-start gap-3 rounded-lg border bg-popover px-4 py-3 pr-10 font-sans text-sm text-popover-foreground shadow-xl shadow-black/10 dark:shadow-black/50",
          title: "leading-snug",
          description: "text-muted-foreground",
          icon: "mt-0.5 [&_svg]:size-4",
          error: "[&_[data-icon]]:text-destructive",
          success: "[&_[data-icon]]:text-success",
          closeButton:
            "absolute! top-2! right-2! left-auto! inline-flex size-7! items-center justify-center rounded-md border-0! bg-transparent! text-muted-foreground! transform-none! hover:bg-accent! hover:text-foreground!",
          actionButton: "ml-auto font-medium text-primary underline-offset-4 hover:underline",
        },
      }}
      {...props}
    />
  )
}

export { Toaster }
